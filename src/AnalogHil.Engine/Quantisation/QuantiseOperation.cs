using AnalogHil.Engine.Graph.Operations;

namespace AnalogHil.Engine.Quantisation;

/// <summary>y = nearest point of a grid: a converter before an analog product.</summary>
/// <param name="Quantiser">The grid.</param>
/// <param name="AnalogIndex">The product it stands before; the first one where several share it.</param>
/// <param name="LearnsRange">Whether the backward pass sums the gradient of its clipping range.</param>
internal sealed record QuantiseOperation(AffineQuantiser Quantiser, int AnalogIndex, bool LearnsRange) : Operation;
