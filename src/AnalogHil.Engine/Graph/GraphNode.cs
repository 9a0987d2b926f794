using AnalogHil.Engine.Graph.Operations;

namespace AnalogHil.Engine.Graph;

/// <summary>One operation of the network and the values it connects.</summary>
/// <param name="Name">Name in the model file, for messages.</param>
/// <param name="Operation">What it computes, with its constants.</param>
/// <param name="Inputs">Activations it reads.</param>
/// <param name="Output">Activation it writes.</param>
internal sealed record GraphNode(string Name, Operation Operation, GraphValue[] Inputs, GraphValue Output);
