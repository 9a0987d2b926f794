using System.Collections.Immutable;
using AnalogHil.Engine;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Methods;

/// <summary>What a method found.</summary>
/// <param name="Energy">E of each entry of the layout.</param>
/// <param name="Trace">Its steps.</param>
public sealed record LearnedEnergy(double[] Energy, ImmutableArray<TracePoint> Trace)
{
    /// <summary>The network that these energies were learned with, where the method made one: behind its products a digital correction, or other weights; null for the task's own.</summary>
    public ITrainableNetwork? Network { get; init; }

    /// <summary>Noise of <see cref="Network"/> where it has another law; null for the task's own.</summary>
    public INoiseModel? Noise { get; init; }

    /// <summary>The correction of each analog node that was learned, on top of any that <see cref="FullScales"/> called for; null where none was.</summary>
    public ImmutableArray<NodeCorrection?>? Corrections { get; init; }

    /// <summary>Grids of inputs and weights whose ends are the chosen full scales, below <see cref="Corrections"/>; null where none were chosen.</summary>
    public QuantisationPlan? FullScales { get; init; }

    /// <summary>What makes up for <see cref="FullScales"/>, below <see cref="Corrections"/>; null where none were chosen.</summary>
    public ImmutableArray<NodeCorrection>? Compensation { get; init; }

    /// <summary>The whole correction of a node, <see cref="Compensation"/> and <see cref="Corrections"/> together; null where it has none.</summary>
    /// <param name="node">Position among the analog nodes.</param>
    public NodeCorrection? CorrectionOf(int node)
    {
        NodeCorrection? below = Compensation?[node];
        NodeCorrection? above = Corrections?[node];
        return below is null || above is null
            ? above ?? below
            : new NodeCorrection([.. below.Gain.Zip(above.Gain, (a, b) => a * b)], [.. below.Offset.Zip(above.Offset, (a, b) => a + b)]);
    }

    /// <summary>rho predicted from the sensitivities: energy over that of the uniform allocation with the same loss, to second order; null where the method does not predict.</summary>
    public double? PredictedGain { get; init; }
}
