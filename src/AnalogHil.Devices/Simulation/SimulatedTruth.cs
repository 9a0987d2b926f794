using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Simulation.Cells;

namespace AnalogHil.Devices.Simulation;

/// <summary>What a simulated device really is, for judging a calibration. Not reachable through the driver contract.</summary>
/// <param name="Terms">One entry per possible term, absent ones with sigma 0.</param>
/// <param name="Gain">[tile][column], dimensionless.</param>
/// <param name="Offset">[tile][column], dot-product units.</param>
public sealed record SimulatedTruth(ImmutableDictionary<NoiseTerm, SimulatedTerm> Terms, float[][] Gain, float[][] Offset)
{
    /// <summary>[tile]: columns whose output is stuck, ascending; empty in the lumped tier.</summary>
    public ImmutableArray<ImmutableArray<int>> StuckColumns { get; init; } = [];

    /// <summary>How repeats in time average weight noise; null in the lumped tier, whose law is <see cref="SimulatedTerm.FloorFraction"/>.</summary>
    public AveragingLaw? WeightLaw { get; init; }
}
