namespace AnalogHil.Engine.Graph.Operations;

/// <summary>What a node computes, with its constants. Immutable: passes make new ones.</summary>
internal abstract record Operation;
