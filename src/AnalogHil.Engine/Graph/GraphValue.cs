namespace AnalogHil.Engine.Graph;

/// <summary>An activation of the network: the model's input or the output of one node.</summary>
/// <param name="Id">Position among the values of its graph, from 0.</param>
/// <param name="Name">Name in the model file.</param>
/// <param name="Shape">Shape for one item.</param>
internal sealed record GraphValue(int Id, string Name, ItemShape Shape);
