namespace AnalogHil.Engine.Graph;

/// <summary>exp(x) over the sum of exp(x), over the channels of each pixel.</summary>
internal sealed record SoftmaxOperation : Operation;
