using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation;

/// <summary>
/// Homodyne photoelectric multiplier (Hamerly et al. 2019, arXiv 1812.07614). Time step k brings a signal field proportional to u_k and a
/// local-oscillator field proportional to g_k onto a balanced detector; the difference charge of N steps accumulates on a capacitor.
/// </summary>
/// <remarks>
/// Fields in square roots of photons. The read's budget P = photons per MAC x N is split equally: s_k = u_k sqrt(P / 2X), l_k = g_k sqrt(P / 2A)
/// with X = sum u^2, A = sum g^2. Behind the 50:50 splitter the detectors see |s + l|^2 / 2 and |s - l|^2 / 2 photons.
/// </remarks>
public sealed record HomodynePhysics : TilePhysics
{
    /// <summary>Photons sent for one multiply-accumulate in one read, signal and local oscillator together.</summary>
    /// <value>2.5</value>
    public double PhotonsPerMac { get; init; } = 2.5;

    /// <summary>eta, electrons a photon gives, in (0, 1].</summary>
    /// <value>0.8</value>
    public double DetectionEfficiency { get; init; } = 0.8;

    /// <summary>Volts at the converter for one dot-product unit, behind the variable-gain stage, in millivolts.</summary>
    /// <value>10</value>
    public double MillivoltsPerUnit { get; init; } = 10;

    /// <summary>Noise voltage at the converter behind the variable-gain stage, millivolts rms in one read; a constant whatever the gain.</summary>
    public double ReceiverNoiseMillivolts { get; init; }

    /// <summary>Error of a weight's field amplitude, relative to full scale, rms; fixed when programmed.</summary>
    public double AmplitudeError { get; init; }

    /// <inheritdoc/>
    public override DeviceArchitecture Architecture => DeviceArchitecture.Homodyne;

    /// <inheritdoc/>
    public override bool SignedInputs => true;

    /// <inheritdoc/>
    public override bool RewritableWeights => true;

    /// <inheritdoc/>
    /// <remarks>Weight noise is not in this physics; it is declared so that calibration looks for it and states an upper limit.</remarks>
    public override ImmutableArray<NoiseTerm> PossibleNoise => [NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotBalanced];

    internal override double ProgrammingError => AmplitudeError;

    private double ReceiverNoiseUnits => ReceiverNoiseMillivolts / MillivoltsPerUnit;

    internal override ColumnNoise NoiseOf(int rows, double squaredWeights)
    {
        double constant = ReceiverNoiseUnits * ReceiverNoiseUnits;
        if (squaredWeights <= 0)
        {
            // No weight to carry light: the column's local oscillator stays dark, and with it the read.
            return new ColumnNoise(constant, 0, 0, 0);
        }

        // Total charge eta P electrons; Poisson counts on both detectors make Var(difference) = eta P electrons^2.
        double electrons = DetectionEfficiency * PhotonsPerMac * rows;

        // Mean difference = 2 eta sum s l = eta P y / sqrt(X A): one dot-product unit is eta P / sqrt(X A) electrons, so that
        // Var(y) = eta P X A / (eta P)^2; what multiplies X is A / (eta P). A dark vector (X = 0) has none.
        double perSquare = electrons * squaredWeights / (electrons * electrons);
        return new ColumnNoise(constant, perSquare, 0, 0);
    }

    internal override SimulatedTerm TruthOf(NoiseTerm term, int tileRows) => term switch
    {
        // Spans: dW = 2, dx = 2.
        NoiseTerm.Thermal => new(ReceiverNoiseUnits / (4 * Math.Sqrt(tileRows)), 0),
        NoiseTerm.ShotBalanced => new(1 / Math.Sqrt(DetectionEfficiency * PhotonsPerMac), 0),
        _ => default,
    };

    internal override IEnumerable<string> Problems() =>
    [
        .. Check(nameof(PhotonsPerMac), PhotonsPerMac, 1e-3, 1e12, "photons"),
        .. Check(nameof(DetectionEfficiency), DetectionEfficiency, 1e-3, 1, "electrons per photon"),
        .. Check(nameof(MillivoltsPerUnit), MillivoltsPerUnit, 1e-6, 1e6, "mV"),
        .. Check(nameof(ReceiverNoiseMillivolts), ReceiverNoiseMillivolts, 0, 1e6, "mV"),
        .. Check(nameof(AmplitudeError), AmplitudeError, 0, 1, ""),
    ];
}
