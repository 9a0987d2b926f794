namespace AnalogHil.Engine.Graph.Operations.Arithmetic;

/// <summary>A function of every single value.</summary>
/// <param name="Curve">Which.</param>
/// <param name="Slope">Of <see cref="Curve.LeakyRelu"/> below zero; the exponent of <see cref="Curve.Power"/>; a factor of <see cref="Curve.Gelu"/>; unused
/// else.</param>
internal sealed record CurveOperation(Curve Curve, float Slope) : Operation;
