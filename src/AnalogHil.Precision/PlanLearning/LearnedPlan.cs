using System.Collections.Immutable;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Certification;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Precision.PlanLearning;

/// <summary>A learned plan with all that it rests on.</summary>
/// <param name="Task">What it was learned for.</param>
/// <param name="Splits">Search and certification examples.</param>
/// <param name="Seeds">Seeds that were drawn from the task's.</param>
/// <param name="Budget">Mean E per MAC at which the shape was learned.</param>
/// <param name="Uniform">Smallest uniform energy that is predicted to be accepted.</param>
/// <param name="Learned">Smallest energy of the learned shape that is predicted to be accepted; the uniform one where no uniform one is.</param>
/// <param name="Ratio">Learned over uniform, 95 %, paired by examples and noise.</param>
/// <param name="Method">What the method did; null where no uniform energy reaches the target, so that nothing was learned.</param>
/// <param name="Certificate">What the certification showed.</param>
/// <param name="NoiseBits">Of each layer.</param>
/// <param name="AllImages">Images passed by everything, both directions.</param>
/// <param name="Seconds">Time of everything.</param>
public sealed record LearnedPlan(
    PlanTask Task,
    Splits Splits,
    PlanSeeds Seeds,
    double Budget,
    EnergyOutcome Uniform,
    EnergyOutcome Learned,
    Estimate Ratio,
    MethodResult? Method,
    Certificate Certificate,
    ImmutableArray<LayerNoiseBits> NoiseBits,
    long AllImages,
    double Seconds)
{
    /// <summary>What the grids alone lose, on the certification examples; null where the network was given as it is (<see cref="PlanTask.QuantisedFrom"/>).</summary>
    public RoundingLoss? Rounding { get; init; }

    /// <summary>What would help, one sentence each; only for measured noise and whole K.</summary>
    public ImmutableArray<string> Advice { get; init; } = [];
}
