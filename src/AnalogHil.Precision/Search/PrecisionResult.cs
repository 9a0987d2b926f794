using System.Collections.Immutable;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Engine;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Variants;

namespace AnalogHil.Precision.Search;

/// <summary>The outcome of precision learning: what is pushed, what it is compared with, and what it rests on.</summary>
/// <param name="Uniform">The same K everywhere, chosen by the same rule.</param>
/// <param name="Learned">The learned plan; equals the uniform one where no learned plan is predicted to be accepted.</param>
/// <param name="Ratio">Energy of the learned over that of the uniform plan, with a 95 % interval from images and draws that both saw.</param>
/// <param name="Shape">How the energy is shared; null where the plan is the uniform one.</param>
/// <param name="NoiseBits">Noise bits of each layer under the learned plan.</param>
public sealed record PrecisionResult(
    BudgetOutcome Uniform, BudgetOutcome Learned, Estimate Ratio, LearnedShape? Shape, ImmutableArray<LayerNoiseBits> NoiseBits)
{
    /// <summary>The plan to be pushed.</summary>
    public PrecisionPlan Plan => Learned.Plan;

    /// <summary>How far the shape is from the optimum: ln of the largest over the smallest loss saved per unit of energy among entries at no limit of K. 0 at the optimum, 0.1 where the best-placed read saves 10 % more than the worst-placed; null where the plan is the uniform one.</summary>
    public double? OptimalityResidual => Shape?.Residual;

    /// <summary>At most this share of the loss that averages out could be saved by rounding the learned shares otherwise at no more energy (Lagrangian bound, for the loss to second order that has these
    /// shares as its optimum; how far they are from that of the network is <see cref="OptimalityResidual"/>); null where the plan is the uniform one.</summary>
    public double? IntegerGap { get; init; }

    /// <summary>Digital gain and offset behind each analog node that the plan was learned with; empty where it goes with none.</summary>
    public ImmutableArray<NodeCorrection?> Corrections { get; init; } = [];

    /// <summary>Full scales of each analog node that the plan was learned with; empty where they are those of the layout.</summary>
    public ImmutableArray<NodeFullScale> FullScales { get; init; } = [];

    /// <summary>Variants of the network that were tried, the simplest first; empty where there was one. The choice was made on the search split: intervals and
    /// predicted acceptance of the chosen one count neither that it was chosen nor another learning.</summary>
    public ImmutableArray<VariantOutcome> Variants { get; init; } = [];

    /// <summary>Why full scales that were asked for could not be tried; null where none were asked for, or they were tried.</summary>
    public string? FullScalesKept { get; init; }

    /// <summary>What planning against the upper limits of sigma would take, and what more calibration reads would save (<see cref="Allocation.PriceOfIgnorance"/>):
    /// one sentence; null where the plan is the uniform one or its loss is all floor.</summary>
    public string? PriceOfIgnorance { get; init; }

    /// <summary>One sentence for each layer whose K was held below the device's limit because its averaging law does not pay it back; empty where none was.</summary>
    public ImmutableArray<string> Limits { get; init; } = [];

    /// <summary>Whether the plan is predicted to certify.</summary>
    public bool Reachable => Learned.Reachable;
}
