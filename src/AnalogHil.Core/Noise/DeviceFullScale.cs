using AnalogHil.Core.Statistics;

namespace AnalogHil.Core.Noise;

/// <summary>The spans that noise is expressed against: what the device calls full scale, not what a network happens to use.</summary>
/// <param name="WeightSpan">dW, span of the programmed weight g; 2 for signed weights in [-1, 1].</param>
/// <param name="InputSpan">dx, span of the driven input u; 2 for signed inputs in [-1, 1], 1 for inputs in [0, 1].</param>
/// <param name="TileRows">R, rows of a full tile.</param>
/// <param name="QuantiserStep">q, step of the output converter in dot-product units (1 = one full-scale weight times one full-scale input); 0 for an ideal converter.</param>
/// <param name="InputStep">Step of the input converter in units of u; 0 for an ideal converter.</param>
public sealed record DeviceFullScale(double WeightSpan, double InputSpan, int TileRows, double QuantiserStep, double InputStep = 0)
{
    /// <summary>dW, span of the programmed weight.</summary>
    public double WeightSpan { get; init; } = Require.Positive(WeightSpan);

    /// <summary>dx, span of the driven input.</summary>
    public double InputSpan { get; init; } = Require.Positive(InputSpan);

    /// <summary>R, rows of a full tile.</summary>
    public int TileRows { get; init; } = TileRows >= 1
        ? TileRows
        : throw new ArgumentOutOfRangeException(nameof(TileRows), TileRows, $"a tile of {TileRows} rows; it has at least 1");

    /// <summary>q, step of the output converter in dot-product units; 0 for an ideal one.</summary>
    public double QuantiserStep { get; init; } = Require.NotNegative(QuantiserStep);

    /// <summary>Step of the input converter in units of u; 0 for an ideal one.</summary>
    public double InputStep { get; init; } = Require.NotNegative(InputStep);
}
