using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation;

/// <summary>
/// Broadcast-and-weight photonics: wavelength k carries the power u_k P0; an add-drop ring sends the part (1 + g_k) / 2 of it to one
/// photodiode and (1 - g_k) / 2 to the other; their difference is the dot product, one unit being the photocurrent R P0.
/// </summary>
/// <remarks>Relative intensity noise of the laser is common to all columns of a read and is not part of this lumped model.</remarks>
public sealed record BroadcastAndWeightPhysics : TilePhysics
{
    private const double ElementaryChargeCoulombs = 1.602176634e-19;

    /// <summary>P0, optical power of one wavelength at full-scale input, on one column's diodes, nanowatts.</summary>
    public double ChannelNanowatts { get; init; } = 1000;

    /// <summary>R, photodiode responsivity, amperes per watt.</summary>
    /// <value>1.2</value>
    public double ResponsivityAmperesPerWatt { get; init; } = 1.2;

    /// <summary>B, noise bandwidth of one read, megahertz.</summary>
    public double BandwidthMegahertz { get; init; } = 50;

    /// <summary>Input-referred noise current of the transimpedance amplifier, nanoamperes rms within B.</summary>
    public double AmplifierNoiseNanoamperes { get; init; }

    /// <summary>Dark current of one photodiode, nanoamperes.</summary>
    public double DarkNanoamperes { get; init; }

    /// <summary>Jitter of a ring's weight from thermal detuning, weight units (g in [-1, 1]) rms.</summary>
    public double RingJitter { get; init; }

    /// <summary>Part of the jitter's variance that is slower than the K reads of a vector, in [0, 1].</summary>
    public double SlowFraction { get; init; }

    /// <summary>Error of a ring's weight after tuning, weight units rms; fixed when programmed.</summary>
    public double TuningError { get; init; }

    /// <inheritdoc/>
    public override DeviceArchitecture Architecture => DeviceArchitecture.BroadcastAndWeight;

    /// <inheritdoc/>
    public override bool SignedInputs => false;

    /// <inheritdoc/>
    public override bool RewritableWeights => false;

    /// <inheritdoc/>
    public override ImmutableArray<NoiseTerm> PossibleNoise => [NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotDirect];

    internal override double ProgrammingError => TuningError;

    private double UnitAmperes => ResponsivityAmperesPerWatt * ChannelNanowatts * 1e-9;

    // 2 q B: shot noise variance of one ampere of photocurrent.
    private double ShotAmperes => 2 * ElementaryChargeCoulombs * BandwidthMegahertz * 1e6;

    // Amplifier, and the shot noise of two diodes' dark currents: there without any light.
    private double DarkVariance
    {
        get
        {
            double amplifier = AmplifierNoiseNanoamperes * 1e-9;
            return amplifier * amplifier + ShotAmperes * 2 * DarkNanoamperes * 1e-9;
        }
    }

    internal override ColumnNoise NoiseOf(int rows, double squaredWeights)
    {
        double unit = UnitAmperes;

        // I+ + I- = R P0 sum u (1 + g + 1 - g) / 2 = R P0 sum u whatever the weights; shot noises of the two diodes add.
        double shotPerMagnitude = ShotAmperes * unit;

        // A detuned ring moves light from one diode to the other: R P0 u dg in the difference.
        double jitter = unit * RingJitter;
        double perSquare = jitter * jitter / (unit * unit);
        return new ColumnNoise(
            DarkVariance / (unit * unit), (1 - SlowFraction) * perSquare, shotPerMagnitude / (unit * unit), SlowFraction * perSquare);
    }

    internal override SimulatedTerm TruthOf(NoiseTerm term, int tileRows) => term switch
    {
        // Spans: dW = 2, dx = 1.
        NoiseTerm.Thermal => new(Math.Sqrt(DarkVariance) / UnitAmperes / (2 * Math.Sqrt(tileRows)), 0),
        NoiseTerm.Weight => new(RingJitter / 2, SlowFraction),
        NoiseTerm.ShotDirect => new(Math.Sqrt(ShotAmperes / UnitAmperes) / 2, 0),
        _ => default,
    };

    internal override IEnumerable<string> Problems() =>
    [
        .. Check(nameof(ChannelNanowatts), ChannelNanowatts, 1e-6, 1e9, "nW"),
        .. Check(nameof(ResponsivityAmperesPerWatt), ResponsivityAmperesPerWatt, 1e-3, 2, "A/W"),
        .. Check(nameof(BandwidthMegahertz), BandwidthMegahertz, 1e-6, 1e6, "MHz"),
        .. Check(nameof(AmplifierNoiseNanoamperes), AmplifierNoiseNanoamperes, 0, 1e9, "nA"),
        .. Check(nameof(DarkNanoamperes), DarkNanoamperes, 0, 1e9, "nA"),
        .. Check(nameof(RingJitter), RingJitter, 0, 1, ""),
        .. Check(nameof(SlowFraction), SlowFraction, 0, 1, ""),
        .. Check(nameof(TuningError), TuningError, 0, 1, ""),
    ];
}
