using System.Collections.Immutable;
using AnalogHil.Calibration.Mix;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Design;

/// <summary>A state of a whole tile in which noise is read: every |u| the same, every |g| the same, product 0.</summary>
/// <param name="Name">See <see cref="Results.DesignPointSummary"/>.</param>
/// <param name="InputAmplitude">u of every row, 0 .. 1.</param>
/// <param name="WeightAmplitude">0, or 1 with signs alternating along the rows so that the product is 0.</param>
internal sealed record DesignPoint(string Name, double InputAmplitude, int WeightAmplitude)
{
    /// <summary>Variance per unit sigma^2 of each term (definitions at <see cref="NoiseTerm"/>).</summary>
    public ImmutableArray<double> Regressors(DeviceCapabilities device) => [.. device.PossibleNoise.Select(term => Regressor(term, device))];

    /// <summary>Norms of inputs and weights at this point on a whole tile.</summary>
    public ProbeConditions Conditions(DeviceCapabilities device) => new(
        device.Rows,
        device.Rows * InputAmplitude * InputAmplitude,
        device.Rows * InputAmplitude,
        WeightAmplitude * PairedRows(device.Rows),
        0);

    private double Regressor(NoiseTerm term, DeviceCapabilities device)
    {
        DeviceFullScale full = device.FullScale;
        double weightSquare = full.WeightSpan * full.WeightSpan;
        double rows = device.Rows;
        double squares = rows * InputAmplitude * InputAmplitude;
        return term switch
        {
            NoiseTerm.Thermal => rows * weightSquare * full.InputSpan * full.InputSpan,
            NoiseTerm.Weight => weightSquare * squares,
            NoiseTerm.ShotBalanced => WeightAmplitude * PairedRows(device.Rows) * squares / rows,
            NoiseTerm.ShotDirect => weightSquare * full.InputSpan * rows * InputAmplitude,
            _ => throw new CalibrationException(CalibrationFault.Unsupported, $"no design separates the noise term {term}"),
        };
    }

    /// <summary>Rows with a weight at the full corner: all, or all but the last of an odd number, so that signs cancel.</summary>
    public static int PairedRows(int rows) => rows - rows % 2;
}
