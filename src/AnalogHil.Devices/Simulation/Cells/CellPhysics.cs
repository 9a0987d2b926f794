using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>
/// The per-cell tier: every conductance, ring and time step has its own state. Built on the quantities of a lumped physics, to which it
/// adds what a lumped variance cannot show: memory, individual cells, counting, converters that are not straight.
/// </summary>
public abstract record CellPhysics : TilePhysics
{
    /// <summary>Largest integral nonlinearity of a row's input converter, share of full scale.</summary>
    public double DacInl { get; init; }

    /// <summary>Largest integral nonlinearity of a column's output converter, share of full scale.</summary>
    public double AdcInl { get; init; }

    /// <summary>Noise of a row's input, full-scale units rms, fresh at every read, the same for all columns and copies.</summary>
    public double InputNoise { get; init; }

    /// <summary>Noise added at every conversion, dot-product units rms: once a read, or once for K accumulated reads.</summary>
    public double ReadoutNoise { get; init; }

    /// <summary>Where the receiver saturates before its converter, dot-product units.</summary>
    /// <value>1E9, no limit</value>
    public double ReceiverLimit { get; init; } = 1e9;

    /// <summary>Deviation of all gains at power-up, relative; dies away with <see cref="WarmUpSeconds"/>.</summary>
    public double WarmUpGain { get; init; }

    /// <summary>Deviation of all offsets at power-up, dot-product units; dies away with <see cref="WarmUpSeconds"/>.</summary>
    public double WarmUpOffset { get; init; }

    /// <summary>Time constant of warming up on the device's clock, seconds.</summary>
    /// <value>1</value>
    public double WarmUpSeconds { get; init; } = 1;

    /// <summary>Time constant with which the outputs follow a change of drive (lines, amplifiers), nanoseconds; 0 for at once. The first reads of a call see what the declared settling time leaves of it.</summary>
    public double LagNanoseconds { get; init; }

    /// <summary>Time that passes on the device's clock between two calls, microseconds; not part of a call's device time.</summary>
    public double IdleMicroseconds { get; init; }

    /// <summary>Columns of each tile whose output is stuck at one value; which ones and where is drawn from the seed.</summary>
    public int StuckColumns { get; init; }

    /// <summary>
    /// Draws the white noise of every cell by itself. Otherwise a column's sum of independent normal numbers is drawn at once with the sum
    /// of its cells' variances, which is the same distribution for a fraction of the time.
    /// </summary>
    public bool DrawsEveryCell { get; init; }

    /// <inheritdoc/>
    public override DeviceArchitecture Architecture => LumpedPhysics.Architecture;

    /// <inheritdoc/>
    public override bool SignedInputs => LumpedPhysics.SignedInputs;

    /// <inheritdoc/>
    public override bool RewritableWeights => LumpedPhysics.RewritableWeights;

    /// <inheritdoc/>
    public override ImmutableArray<NoiseTerm> PossibleNoise => LumpedPhysics.PossibleNoise;

    /// <summary>The lumped physics whose quantities this one shares.</summary>
    internal abstract TilePhysics LumpedPhysics { get; }

    /// <summary>Relative noise of the light that all columns share, rms in one read.</summary>
    internal virtual double CommonIntensity => 0;

    internal override double ProgrammingError => LumpedPhysics.ProgrammingError;

    /// <summary>Correlation times of everything with memory, nanoseconds.</summary>
    internal abstract AveragingLaw WeightLaw(double readNanoseconds);

    /// <summary>Writes one copy on its cells.</summary>
    internal abstract CellTile Write(in CellSite site);

    internal override ColumnNoise NoiseOf(int rows, double squaredWeights) => LumpedPhysics.NoiseOf(rows, squaredWeights);

    /// <remarks>The floor is what is left of the slow part at the largest K in time that the device offers.</remarks>
    internal override SimulatedTerm TruthOf(NoiseTerm term, SimulatedDeviceOptions options)
    {
        SimulatedTerm lumped = TruthOf(term, options.Rows);
        int most = options.MaxRepeats.Where(mode => mode.Key != Core.Plans.RedundancyMode.SpatialCopies).Select(mode => mode.Value).DefaultIfEmpty(1).Max();
        return term == NoiseTerm.Weight && lumped.Sigma > 0
            ? lumped with { FloorFraction = WeightLaw(options.ReadTimeNanoseconds).Floor(most) }
            : lumped;
    }

    internal override IEnumerable<string> Problems() =>
    [
        .. LumpedPhysics.Problems(),
        .. Check(nameof(DacInl), DacInl, 0, 0.1, "of full scale"),
        .. Check(nameof(AdcInl), AdcInl, 0, 0.1, "of full scale"),
        .. Check(nameof(InputNoise), InputNoise, 0, 1, "of full scale"),
        .. Check(nameof(ReadoutNoise), ReadoutNoise, 0, 1e6, "dot-product units"),
        .. Check(nameof(ReceiverLimit), ReceiverLimit, 1e-3, 1e9, "dot-product units"),
        .. Check(nameof(WarmUpGain), WarmUpGain, -0.5, 0.5, ""),
        .. Check(nameof(WarmUpOffset), WarmUpOffset, -1e6, 1e6, "dot-product units"),
        .. Check(nameof(WarmUpSeconds), WarmUpSeconds, 1e-9, 1e6, "s"),
        .. Check(nameof(LagNanoseconds), LagNanoseconds, 0, 1e9, "ns"),
        .. Check(nameof(IdleMicroseconds), IdleMicroseconds, 0, 1e12, "us"),
        .. Check(nameof(StuckColumns), StuckColumns, 0, 1 << 16, "columns a tile"),
        .. CellProblems(),
    ];

    private protected abstract IEnumerable<string> CellProblems();
}
