using AnalogHil.Core.Noise;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>
/// Broadcast-and-weight ring by ring: every ring is a Lorentzian filter with its own detuning that also takes light of its neighbours'
/// wavelengths, both photodiodes count electrons, and all columns share the lasers.
/// </summary>
public sealed record RingCells : CellPhysics
{
    /// <summary>Light, responsivity, bandwidth, amplifier, dark current, fresh jitter of a weight and tuning error; its slow fraction is not used.</summary>
    public BroadcastAndWeightPhysics Lumped { get; init; } = new();

    /// <summary>Q, wavelength over full linewidth.</summary>
    public double QualityFactor { get; init; } = 6755;

    /// <summary>Distance of neighbouring wavelengths, nanometres.</summary>
    public double SpacingNanometres { get; init; } = 1.6;

    /// <summary>Centre wavelength, nanometres.</summary>
    public double WavelengthNanometres { get; init; } = 1550;

    /// <summary>Part of the static crosstalk that tuning with feedback takes out, in [0, 1].</summary>
    public double CrosstalkCorrection { get; init; } = 1;

    /// <summary>Slow thermal detuning of every ring, half linewidths rms, with a 1/f spectrum between the two times.</summary>
    public double Detuning { get; init; }

    /// <summary>Shortest correlation time of the detuning, microseconds.</summary>
    public double DetuningFastMicroseconds { get; init; } = 10;

    /// <summary>Longest correlation time of the detuning, microseconds.</summary>
    public double DetuningSlowMicroseconds { get; init; } = 1e4;

    /// <summary>Detuning of all rings together for each second since the boot, half linewidths.</summary>
    public double DetuningPerSecond { get; init; }

    /// <summary>Detuning of all rings together at power-up, half linewidths; dies away with the warm-up time.</summary>
    public double WarmUpDetuning { get; init; }

    /// <summary>Relative intensity noise of the light, rms in one read, common to all wavelengths, columns and copies.</summary>
    public double RelativeIntensityNoise { get; init; }

    internal override TilePhysics LumpedPhysics => Lumped;

    internal override double CommonIntensity => RelativeIntensityNoise;

    /// <summary>Distance of neighbouring wavelengths in half linewidths.</summary>
    internal double Spacing => SpacingNanometres / (0.5 * WavelengthNanometres / QualityFactor);

    internal double[] DetuningNanoseconds() => StageTimes.Between(1000 * DetuningFastMicroseconds, 1000 * DetuningSlowMicroseconds);

    /// <remarks>At weight 0, where the slope of a ring's weight against its detuning is 1.</remarks>
    internal override AveragingLaw WeightLaw(double readNanoseconds) => AveragingLaw.Mix(
        (Lumped.RingJitter * Lumped.RingJitter, AveragingLaw.White),
        (RingLine.WeightVariance(1, Detuning), StageTimes.Law(DetuningNanoseconds(), readNanoseconds)));

    internal override SimulatedTerm TruthOf(NoiseTerm term, int tileRows) => term == NoiseTerm.Weight
        ? new(Math.Sqrt(Lumped.RingJitter * Lumped.RingJitter + RingLine.WeightVariance(1, Detuning)) / 2, 0)
        : Lumped.TruthOf(term, tileRows);

    internal override CellTile Write(in CellSite site) => new RingTile(this, site);

    private protected override IEnumerable<string> CellProblems() =>
    [
        .. Check(nameof(QualityFactor), QualityFactor, 100, 1e7, ""),
        .. Check(nameof(SpacingNanometres), SpacingNanometres, 0.01, 100, "nm"),
        .. Check(nameof(WavelengthNanometres), WavelengthNanometres, 400, 4000, "nm"),
        .. Check(nameof(CrosstalkCorrection), CrosstalkCorrection, 0, 1, ""),
        .. Check(nameof(Detuning), Detuning, 0, 1, "half linewidths"),
        .. Check(nameof(DetuningFastMicroseconds), DetuningFastMicroseconds, 1e-4, 1e9, "us"),
        .. Check(nameof(DetuningSlowMicroseconds), DetuningSlowMicroseconds, DetuningFastMicroseconds, 1e9, "us"),
        .. Check(nameof(DetuningPerSecond), DetuningPerSecond, -1e6, 1e6, "half linewidths a second"),
        .. Check(nameof(WarmUpDetuning), WarmUpDetuning, -10, 10, "half linewidths"),
        .. Check(nameof(RelativeIntensityNoise), RelativeIntensityNoise, 0, 0.3, ""),
    ];
}
