using System.Collections.Immutable;
using AnalogHil.Core.Plans;

namespace AnalogHil.Precision.Allocation;

/// <summary>A redundancy mode and K for every layer.</summary>
/// <param name="Layers">In graph order.</param>
/// <param name="Plan">The same as a plan.</param>
/// <param name="LowerBound">No choice within the limits takes less energy than this, joules (Lagrangian dual).</param>
public sealed record ModePlan(ImmutableArray<LayerMode> Layers, PrecisionPlan Plan, double LowerBound)
{
    /// <summary>Declared energy of one image.</summary>
    public double Joules => Layers.Sum(layer => layer.Joules);

    /// <summary>Second-order loss, nats.</summary>
    public double Loss => Layers.Sum(layer => layer.Loss);

    /// <summary>Time of the reads of one image.</summary>
    public double Seconds => Layers.Sum(layer => layer.Seconds);

    /// <summary>Cells taken.</summary>
    public double Cells => Layers.Sum(layer => layer.Cells);
}
