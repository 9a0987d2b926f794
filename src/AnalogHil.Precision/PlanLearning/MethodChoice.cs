using System.Collections.Immutable;
using AnalogHil.Engine;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Methods.Correction;
using AnalogHil.Precision.Methods.Paper;
using AnalogHil.Precision.Methods.Rounding;
using AnalogHil.Precision.Methods.Sensitivity;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.PlanLearning;

/// <summary>A method by the name that a person gives it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Method">How the shape is learned.</param>
/// <param name="WholeRepeats">Whether energies are whole repeats K, as devices have them.</param>
/// <param name="Options">Its options, for the plan file.</param>
public sealed record MethodChoice(string Name, IPrecisionMethod Method, bool WholeRepeats, ImmutableSortedDictionary<string, double> Options)
{
    private const int RangeSteps = 64;
    private const int TuningSteps = 128;
    private const double TuningRate = 0.002;
    private const string Rounded = "rounded-";

    // The task's largest energy ends them.
    private static readonly EnergyLevels WholeLevels = EnergyLevels.Integers(int.MaxValue);

    /// <summary>Full scales and digital correction are learned too, in two rounds; null for a method that learns energies alone.</summary>
    public TwoRoundOptions? TwoRounds { get; init; }

    /// <summary>Whether the method learns weights, so that its plan is for another model than it was given.</summary>
    public bool TunesWeights { get; init; }

    /// <summary>The names there are.</summary>
    public static ImmutableArray<string> Names { get; } = ["uniform", "paper", "ours", "corrected", "corrected-ranges", "corrected-tuned", "integer", "uniform-integer", "paper-integer", "rounded-ours", "rounded-paper"];

    /// <summary>The method of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>; "corrected" is ours with full scales and a digital correction, "corrected-ranges" with full scales
    /// learned by gradient, "corrected-tuned" with the network's own full scales and fine-tuned weights; "integer" is ours in whole K. "rounded-paper" rounds to whole K at
    /// every step, before the noise is drawn, and "rounded-ours" what ours learned, never below one: whole reads, or photons where E counts them.</param>
    /// <param name="steps">Steps of the method; null for its own number.</param>
    /// <param name="shotNoise">Whether the noise is shot noise alone, for which the paper's penalty is 2 instead of 8.</param>
    /// <param name="noiseOf">Noise of the network with other weights, for a method that learns them.</param>
    /// <exception cref="PrecisionException">There is no such method.</exception>
    public static MethodChoice Of(string name, int? steps, bool shotNoise, Func<INetwork, INoiseModel>? noiseOf = null)
    {
        if (!Names.Contains(name))
        {
            throw new PrecisionException(PrecisionFault.Data, $"there is no method '{name}'; choose one of {string.Join(", ", Names)}");
        }

        bool rounded = name.StartsWith(Rounded, StringComparison.Ordinal);
        bool whole = rounded || name.EndsWith("integer", StringComparison.Ordinal);
        string shape = rounded ? name[Rounded.Length..] : name.Split('-')[0];
        ImmutableSortedDictionary<string, double> none = ImmutableSortedDictionary<string, double>.Empty;
        switch (shape)
        {
            case "uniform":
                return new MethodChoice(name, new UniformMethod(), whole, none);
            case "paper":
                PaperOptions paper = PaperOptions.For(shotNoise ? ReferenceLawKind.Shot : ReferenceLawKind.Thermal);
                paper = paper with { Steps = steps ?? paper.Steps, Levels = rounded ? WholeLevels : null };
                return new MethodChoice(name, new PaperMethod(paper), whole, none
                    .Add("steps", paper.Steps).Add("batch", paper.Batch).Add("learning_rate", paper.LearningRate).Add("penalty", paper.Penalty).Add("start", paper.Start));
            case "corrected" when name == "corrected-tuned":
                var tuning = new CorrectionOptions { WeightRate = TuningRate, NoiseOf = noiseOf, Aim = CorrectionAim.Labels };
                tuning = steps is { } some ? tuning with { Steps = some } : tuning with { Steps = TuningSteps };
                return new MethodChoice(name, new CorrectedMethod(tuning), false, none
                    .Add("steps", tuning.Steps).Add("batch", tuning.Batch).Add("energy_rate", tuning.EnergyRate).Add("correction_rate", tuning.CorrectionRate)
                    .Add("weight_rate", tuning.WeightRate).Add("warm_images", tuning.Start.WarmImages))
                {
                    TunesWeights = true,
                };
            case "corrected":
                var rounds = new TwoRoundOptions();
                rounds = name == "corrected-ranges" ? rounds with { Clips = rounds.Clips with { RangeSteps = RangeSteps } } : rounds;
                rounds = steps is { } share ? rounds with { FirstSteps = share / 3, SecondSteps = share - share / 3 } : rounds;
                return new MethodChoice(name, new ClippedMethod(null, rounds.Correction), false, none
                    .Add("first_steps", rounds.FirstSteps).Add("second_steps", rounds.SecondSteps).Add("batch", rounds.Correction.Batch)
                    .Add("energy_rate", rounds.Correction.EnergyRate).Add("correction_rate", rounds.Correction.CorrectionRate)
                    .Add("warm_images", rounds.Correction.Start.WarmImages).Add("clip_images", rounds.Clips.Images).Add("clip_strength", rounds.Clips.Strength)
                    .Add("images", rounds.Correction.Images).Add("range_steps", rounds.Clips.RangeSteps).Add("range_rate", rounds.Clips.RangeRate))
                {
                    TwoRounds = rounds,
                };
            default:
                var ours = new SensitivityOptions();
                ours = steps is { } wanted ? ours with { Steps = wanted } : ours;
                var shares = new SensitivityMethod(ours);
                return new MethodChoice(name, rounded ? new RoundedMethod(shares, WholeLevels) : shares, whole, none
                    .Add("warm_images", ours.WarmImages).Add("rounds", ours.Rounds).Add("channel_floor", ours.ChannelFloor).Add("steps", ours.Steps)
                    .Add("batch", ours.Batch).Add("learning_rate", ours.LearningRate).Add("judge_images", ours.JudgeImages));
        }
    }
}
