namespace AnalogHil.Engine.Graph;

/// <summary>What a node computes, with its constants. Immutable: passes make new ones.</summary>
internal abstract record Operation;
