namespace AnalogHil.Core.Noise;

/// <summary>The spans that noise is expressed against: what the device calls full scale, not what a network happens to use.</summary>
/// <param name="WeightSpan">dW, span of the programmed weight g; 2 for signed weights in [-1, 1].</param>
/// <param name="InputSpan">dx, span of the driven input u; 2 for signed inputs in [-1, 1], 1 for inputs in [0, 1].</param>
/// <param name="TileRows">R, rows of a full tile.</param>
/// <param name="QuantiserStep">q, step of the output converter in dot-product units (1 = one full-scale weight times one full-scale input); 0 for an ideal converter.</param>
public sealed record DeviceFullScale(double WeightSpan, double InputSpan, int TileRows, double QuantiserStep);
