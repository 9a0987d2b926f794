using AnalogHil.Core.Noise;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>
/// Homodyne multiplier step by step: every time step of every column has its own phase, both detectors count photons, and all columns
/// share the laser.
/// </summary>
/// <remarks>
/// The counts of N steps on a detector are independent and Poisson, so that their sum is drawn as one Poisson count of the summed mean:
/// the same distribution. Balanced power: the receiver's gain goes with sqrt(X A) and is nil in the dark, as is the dark counts' share.
/// </remarks>
public sealed record HomodyneCells : CellPhysics
{
    /// <summary>Photon budget, efficiency, receiver noise and amplitude error.</summary>
    public HomodynePhysics Lumped { get; init; } = new();

    /// <summary>Share of the photon budget in the local oscillator when the power is balanced for each dot product, in (0, 1).</summary>
    public double LocalOscillatorShare { get; init; } = 0.5;

    /// <summary>a^2: photons of a full-scale signal step at fixed gains; 0 for balanced power.</summary>
    public double SignalPhotons { get; init; }

    /// <summary>b^2: photons of a full-scale local-oscillator step at fixed gains; 0 for balanced power.</summary>
    public double LocalOscillatorPhotons { get; init; }

    /// <summary>Static phase error of every step and column, radians rms; fixed when programmed.</summary>
    public double PhaseError { get; init; }

    /// <summary>Phase jitter of every step and column, radians rms, fresh at every read.</summary>
    public double PhaseJitter { get; init; }

    /// <summary>Slow wander of a column's phase, radians rms.</summary>
    public double PhaseWander { get; init; }

    /// <summary>Correlation time of the wander, microseconds.</summary>
    public double PhaseWanderMicroseconds { get; init; } = 1000;

    /// <summary>Relative intensity noise of the laser, rms in one read, common to all columns and copies.</summary>
    public double RelativeIntensityNoise { get; init; }

    /// <summary>Dark electrons of one detector in one read.</summary>
    public double DarkElectrons { get; init; }

    internal override TilePhysics LumpedPhysics => Lumped;

    internal override double CommonIntensity => RelativeIntensityNoise;

    /// <summary>Whether signal and local oscillator have fixed gains.</summary>
    internal bool FixedGains => SignalPhotons > 0 && LocalOscillatorPhotons > 0;

    internal override AveragingLaw WeightLaw(double readNanoseconds) => AveragingLaw.White;

    internal override SimulatedTerm TruthOf(NoiseTerm term, int tileRows)
    {
        if (term == NoiseTerm.Thermal)
        {
            return Lumped.TruthOf(term, tileRows);
        }

        double efficiency = Lumped.DetectionEfficiency;
        if (FixedGains)
        {
            // Var = X / (4 eta b^2) + A / (4 eta a^2): the first goes as weight noise does (span 2); the second is none of the terms.
            return term == NoiseTerm.Weight ? new(1 / (4 * Math.Sqrt(efficiency * LocalOscillatorPhotons)), 0) : default;
        }

        // (eta P + 2 dark) electrons of variance over the unit 2 eta P sqrt(b (1 - b)) / sqrt(X A), with P = p N.
        double photons = efficiency * Lumped.PhotonsPerMac;
        double dark = 2 * DarkElectrons / (photons * tileRows);
        return term == NoiseTerm.ShotBalanced
            ? new(Math.Sqrt((1 + dark) / (4 * photons * LocalOscillatorShare * (1 - LocalOscillatorShare))), 0)
            : default;
    }

    internal override CellTile Write(in CellSite site) => new HomodyneTile(this, site);

    private protected override IEnumerable<string> CellProblems()
    {
        IEnumerable<string> problems =
        [
            .. Check(nameof(LocalOscillatorShare), LocalOscillatorShare, 0.001, 0.999, ""),
            .. Check(nameof(SignalPhotons), SignalPhotons, 0, 1e12, "photons"),
            .. Check(nameof(LocalOscillatorPhotons), LocalOscillatorPhotons, 0, 1e12, "photons"),
            .. Check(nameof(PhaseError), PhaseError, 0, 1, "rad"),
            .. Check(nameof(PhaseJitter), PhaseJitter, 0, 1, "rad"),
            .. Check(nameof(PhaseWander), PhaseWander, 0, 1, "rad"),
            .. Check(nameof(PhaseWanderMicroseconds), PhaseWanderMicroseconds, 1e-4, 1e9, "us"),
            .. Check(nameof(RelativeIntensityNoise), RelativeIntensityNoise, 0, 0.3, ""),
            .. Check(nameof(DarkElectrons), DarkElectrons, 0, 1e9, "electrons"),
        ];
        return SignalPhotons > 0 == LocalOscillatorPhotons > 0
            ? problems
            : problems.Append($"SignalPhotons is {SignalPhotons} and LocalOscillatorPhotons is {LocalOscillatorPhotons}: give both for fixed gains, or neither for balanced power");
    }
}
