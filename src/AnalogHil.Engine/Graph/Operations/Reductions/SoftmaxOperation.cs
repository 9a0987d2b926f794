namespace AnalogHil.Engine.Graph.Operations.Reductions;

/// <summary>exp(x) over the sum of exp(x), over the channels of each pixel.</summary>
internal sealed record SoftmaxOperation : Operation;
