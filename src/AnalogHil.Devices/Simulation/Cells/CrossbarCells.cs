using AnalogHil.Core.Noise;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>
/// Crossbar cell by cell: two conductances a weight, each with its own programming error, read noise (white, 1/f, telegraph), drift and
/// defects, behind wires with resistance.
/// </summary>
/// <remarks>
/// Drift is taken at the start of a call and held through it; the loss on the wires is that of the conductances as programmed. Cells of
/// other blocks on the same wires are not counted. Read noise of a device is taken at its conductance as programmed.
/// </remarks>
public sealed record CrossbarCells : CellPhysics
{
    /// <summary>Conductance range, voltage, total Gaussian read noise, receiver noise and programming error; its slow fraction is not used.</summary>
    public CrossbarPhysics Lumped { get; init; } = new();

    /// <summary>Conductance of a device at weight 0, microsiemens; the range of the weight comes on top.</summary>
    public double RestMicrosiemens { get; init; }

    /// <summary>p: read noise of a device goes with (G / Gmax)^p; 0 is independent of G.</summary>
    public double ReadNoiseExponent { get; init; }

    /// <summary>a: programming error goes with 1 + a (g - 1) + b (g^2 - 1), g = G / Gmax.</summary>
    public double ProgrammingLinear { get; init; }

    /// <summary>b of <see cref="ProgrammingLinear"/>.</summary>
    public double ProgrammingQuadratic { get; init; }

    /// <summary>Part of the read noise variance that has a 1/f spectrum; the rest is white.</summary>
    public double FlickerShare { get; init; }

    /// <summary>Shortest correlation time in the 1/f noise, microseconds.</summary>
    public double FlickerFastMicroseconds { get; init; } = 1;

    /// <summary>Longest correlation time in the 1/f noise, microseconds.</summary>
    public double FlickerSlowMicroseconds { get; init; } = 1e4;

    /// <summary>Share of devices with a two-state trap.</summary>
    public double TrapShare { get; init; }

    /// <summary>Step of a trap, microsiemens.</summary>
    public double TrapMicrosiemens { get; init; }

    /// <summary>Probability of the upper state.</summary>
    public double TrapOccupancy { get; init; } = 0.5;

    /// <summary>Shortest correlation time of a trap, 1 / (1 / dwell up + 1 / dwell down), microseconds; traps are spread evenly in its logarithm.</summary>
    public double TrapFastMicroseconds { get; init; } = 1;

    /// <summary>Longest correlation time of a trap, microseconds.</summary>
    public double TrapSlowMicroseconds { get; init; } = 1e3;

    /// <summary>nu: G = G0 ((t + t0) / t0)^-nu at t after programming.</summary>
    public double DriftExponent { get; init; }

    /// <summary>Spread of nu between devices, rms.</summary>
    public double DriftExponentSpread { get; init; }

    /// <summary>t0, seconds.</summary>
    public double DriftStartSeconds { get; init; } = 20;

    /// <summary>Share of devices stuck at the largest conductance.</summary>
    public double StuckOnShare { get; init; }

    /// <summary>Share of devices stuck at no conductance.</summary>
    public double StuckOffShare { get; init; }

    /// <summary>Resistance of the wire from cell to cell, ohms; rows are driven from column 0, columns are read below the last row.</summary>
    public double WireOhms { get; init; }

    internal override TilePhysics LumpedPhysics => Lumped;

    /// <summary>Standard deviation of a device's read noise, weight units (1 is Gmax).</summary>
    internal double ReadNoise(double conductance) =>
        Lumped.ReadNoiseMicrosiemens / Lumped.MaxConductanceMicrosiemens * Math.Pow(Math.Max(conductance, 0), ReadNoiseExponent);

    /// <summary>Standard deviation of a device's programming error, weight units.</summary>
    internal double ProgrammingNoise(double target) => Lumped.ProgrammingErrorMicrosiemens / Lumped.MaxConductanceMicrosiemens
        * Math.Max(0, 1 + ProgrammingLinear * (target - 1) + ProgrammingQuadratic * (target * target - 1));

    internal double[] FlickerNanoseconds() => StageTimes.Between(1000 * FlickerFastMicroseconds, 1000 * FlickerSlowMicroseconds);

    internal double[] TrapNanoseconds() => StageTimes.Between(1000 * TrapFastMicroseconds, 1000 * TrapSlowMicroseconds);

    internal AveragingLaw FlickerLaw(double readNanoseconds) => StageTimes.Law(FlickerNanoseconds(), readNanoseconds);

    internal AveragingLaw TrapLaw(double readNanoseconds) => StageTimes.Law(TrapNanoseconds(), readNanoseconds);

    /// <remarks>Of a weight of 1 on an ideal wire: two devices at 0 and Gmax above rest.</remarks>
    internal override AveragingLaw WeightLaw(double readNanoseconds)
    {
        (double gaussian, double trap) = WeightVariances();
        return AveragingLaw.Mix(
            ((1 - FlickerShare) * gaussian, AveragingLaw.White), (FlickerShare * gaussian, FlickerLaw(readNanoseconds)), (trap, TrapLaw(readNanoseconds)));
    }

    internal override SimulatedTerm TruthOf(NoiseTerm term, int tileRows)
    {
        if (term != NoiseTerm.Weight)
        {
            return Lumped.TruthOf(term, tileRows);
        }

        // Span dW = 2.
        (double gaussian, double trap) = WeightVariances();
        return new(Math.Sqrt(gaussian + trap) / 2, 0);
    }

    internal override CellTile Write(in CellSite site) => new CrossbarTile(this, site);

    private protected override IEnumerable<string> CellProblems() =>
    [
        .. Check(nameof(RestMicrosiemens), RestMicrosiemens, 0, Lumped.MaxConductanceMicrosiemens, "uS"),
        .. Check(nameof(ReadNoiseExponent), ReadNoiseExponent, 0, 2, ""),
        .. Check(nameof(ProgrammingLinear), ProgrammingLinear, -10, 10, ""),
        .. Check(nameof(ProgrammingQuadratic), ProgrammingQuadratic, -10, 10, ""),
        .. Check(nameof(FlickerShare), FlickerShare, 0, 1, ""),
        .. Check(nameof(FlickerFastMicroseconds), FlickerFastMicroseconds, 1e-4, 1e9, "us"),
        .. Check(nameof(FlickerSlowMicroseconds), FlickerSlowMicroseconds, FlickerFastMicroseconds, 1e9, "us"),
        .. Check(nameof(TrapShare), TrapShare, 0, 1, ""),
        .. Check(nameof(TrapMicrosiemens), TrapMicrosiemens, 0, Lumped.MaxConductanceMicrosiemens, "uS"),
        .. Check(nameof(TrapOccupancy), TrapOccupancy, 0.001, 0.999, ""),
        .. Check(nameof(TrapFastMicroseconds), TrapFastMicroseconds, 1e-4, 1e9, "us"),
        .. Check(nameof(TrapSlowMicroseconds), TrapSlowMicroseconds, TrapFastMicroseconds, 1e9, "us"),
        .. Check(nameof(DriftExponent), DriftExponent, 0, 0.5, ""),
        .. Check(nameof(DriftExponentSpread), DriftExponentSpread, 0, 0.2, ""),
        .. Check(nameof(DriftStartSeconds), DriftStartSeconds, 1e-6, 1e9, "s"),
        .. Check(nameof(StuckOnShare), StuckOnShare, 0, 0.5, ""),
        .. Check(nameof(StuckOffShare), StuckOffShare, 0, 0.5, ""),
        .. Check(nameof(WireOhms), WireOhms, 0, 1000, "ohm"),
    ];

    private (double Gaussian, double Trap) WeightVariances()
    {
        double rest = RestMicrosiemens / Lumped.MaxConductanceMicrosiemens;
        double high = ReadNoise(rest + 1);
        double low = ReadNoise(rest);
        double step = TrapMicrosiemens / Lumped.MaxConductanceMicrosiemens;
        return (high * high + low * low, 2 * TrapShare * step * step * TrapOccupancy * (1 - TrapOccupancy));
    }
}
