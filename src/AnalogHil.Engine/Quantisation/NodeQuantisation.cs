namespace AnalogHil.Engine.Quantisation;

/// <summary>Grids of one analog node.</summary>
/// <param name="Name">Name of the node, as in <see cref="AnalogNode.Name"/>.</param>
/// <param name="Input">Grid of its input, one for the whole tensor; null leaves the input in float32.</param>
/// <param name="Weights">Grids of its weights: one for the whole tensor, or one for each output channel; none leaves them in float32.</param>
public sealed record NodeQuantisation(string Name, AffineQuantiser? Input, IReadOnlyList<AffineQuantiser> Weights);
