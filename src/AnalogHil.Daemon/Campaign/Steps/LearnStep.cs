using AnalogHil.Core.Averaging;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Networks;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.Engine;
using AnalogHil.Precision;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Variants;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Steps;

/// <summary>Finds the redundancy K of each layer that is predicted to certify with the least energy, and the uniform K it is compared with.</summary>
internal sealed class LearnStep(TimeProvider time) : ICampaignStep
{
    private const int Units = 1000;

    // Share of the time that the uniform search takes where one variant is learned.
    private const double UniformCost = 0.35;

    /// <inheritdoc/>
    public CampaignPhase Phase => CampaignPhase.Learn;

    /// <inheritdoc/>
    public bool TryRestore(CampaignState state, ICampaignObserver observer)
    {
        state.Learned = state.Checkpoints.Load<PrecisionResult>(Phase);
        if (state.Learned is null)
        {
            return false;
        }

        state.Network = NetworkLayout.Of(state, state.Learned);
        Tell(state.Learned, state.Device!.Capabilities.MaxRepeats[state.Mode], state.Certificate, observer);
        return true;
    }

    /// <inheritdoc/>
    public async Task RunAsync(CampaignState state, ICampaignObserver observer, CancellationToken cancellationToken)
    {
        observer.OnProgress(Phase, 0, Units, "observing the range of every layer's input");
        state.Network = NetworkLayout.Of(state);
        if (state.Network.Widened.Sum() is > 0 and int widened)
        {
            observer.OnNote(warning: false, $"learning: {widened} output channels would often leave the converter's range +-{state.Device!.Capabilities.AdcFullScale:0.###}; their weights are written smaller");
        }

        Splits splits = CampaignSplits.Of(state);
        ulong seed = CampaignSeeds.Of(state.Request.Seed, Phase);
        RedundancyMode mode = state.Mode;
        if (CertifiedPlan.Limit(state.Device!.Capabilities.MaxRepeats[mode], state.Certificate) is { } limit)
        {
            observer.OnNote(warning: false, $"learning: {limit}");
        }

        var layout = new PlanLayout(state.Network, Granularity.Layer, mode);
        double reached = 0;
        var progress = new DirectProgress<PrecisionProgress>(report =>
        {
            reached = Math.Max(reached, ShareOf(report));
            if (!report.Repeats.IsDefaultOrEmpty)
            {
                observer.OnPlan(PlanSoFar(layout, report), chosen: false);
            }

            observer.OnProgress(Phase, (long)(Units * reached), Units, report.Message);
        });
        string? kept = state.Request.Corrected ? DeviceFullScales.WhyNot(state.Inputs.Network, state.Calibration!.Profile) : null;
        state.Learned = await Task.Run(
            () =>
            {
                DeviceFullScales? fullScales = null;
                if (state.Request.Corrected && kept is null)
                {
                    observer.OnProgress(Phase, 0, Units, "counting what enters every layer, for its full scales");
                    fullScales = new DeviceFullScales(
                        (OnnxNetwork)state.Inputs.Network, state.Network, state.Calibration!.Profile, state.Inputs.Calibration, new ClipOptions().Strength);
                }

                var search = new PrecisionSearch(
                    state.Inputs.Network,
                    new NoiseModel(state.Network.Scales, state.Calibration!.Profile),
                    layout,
                    CertifiedPlan.LargestRepeats(state.Device!.Capabilities.MaxRepeats[mode], state.Certificate),
                    new SearchOptions
                    {
                        Target = state.Request.MaxDropPoints / 100,
                        CertificationExamples = splits.Certification.Count,
                        Acceptance = LearningTargets.Acceptance,
                        Seed = seed,
                    },
                    new LearningOptions { Seed = seed },
                    time)
                {
                    Correction = state.Request.Corrected ? new TwoRoundOptions() : null,
                    FullScales = fullScales,
                    Joules = plan => DeclaredEnergy.OfImage(state.Network, plan).Joules,
                };
                PrecisionResult found = search.Run(state.Inputs.Calibration, splits.Search, progress, cancellationToken);
                return kept is null ? found : found with { FullScalesKept = kept };
            },
            cancellationToken).ConfigureAwait(false);

        state.Checkpoints.Save(Phase, state.Learned);
        state.Network = NetworkLayout.Of(state, state.Learned);
        Tell(state.Learned, state.Device!.Capabilities.MaxRepeats[state.Mode], state.Certificate, observer);
    }

    private static void Tell(PrecisionResult learned, int most, CertifiedLaw? certificate, ICampaignObserver observer)
    {
        observer.OnPlan(learned.Plan, chosen: true);
        if (learned.FullScalesKept is { } reason)
        {
            observer.OnNote(warning: false, $"learning: full scales stay as they are: {reason}");
        }

        foreach (VariantOutcome variant in learned.Variants.IsDefault ? [] : learned.Variants)
        {
            observer.OnNote(warning: false, $"learning: {Sentence(variant)}");
        }

        if (learned.PriceOfIgnorance is { } price)
        {
            observer.OnNote(warning: false, $"learning: {price}");
        }

        if (learned is { Reachable: true, Shape: null })
        {
            observer.OnNote(warning: true, $"learning: {learned.Learned.Reason}; the plan is the uniform one");
        }

        if (!learned.Reachable)
        {
            observer.OnNote(warning: true, $"learning: {learned.Learned.Reason}");
            if (CertifiedPlan.Limit(most, certificate) is { } limit)
            {
                observer.OnNote(warning: true, $"learning: {limit}");
            }
        }
    }

    private static string Sentence(VariantOutcome variant)
    {
        if (!variant.Reachable)
        {
            return $"{variant.Name}: no K is predicted to be accepted";
        }

        string limits = double.IsFinite(variant.EnergyInterval.High)
            ? FormattableString.Invariant($"95 % {variant.EnergyInterval.Low:0.00} to {variant.EnergyInterval.High:0.00}")
            : "not bounded";
        string energy = FormattableString.Invariant($"{variant.Name}: {variant.Energy:0.00} reads per MAC ({limits}; {variant.Images} images)");
        string declared = variant.Joules is { } joules ? FormattableString.Invariant($", {1e6 * joules:G3} uJ declared for an image") : "";
        return energy + declared + (variant.Chosen ? "; this is the plan" : "");
    }

    // The parts of the search, by the time they usually take; learning and search come once for each variant of the network.
    internal static double ShareOf(PrecisionProgress report) => report.Phase switch
    {
        PrecisionPhase.Uniform => UniformShare(report) * report.Fraction,
        PrecisionPhase.Learning => Within(report, 0.45 * report.Fraction),
        _ => Within(report, 0.45 + 0.55 * report.Fraction),
    };

    private static double Within(PrecisionProgress report, double share) =>
        UniformShare(report) + (1 - UniformShare(report)) * (report.Turn + share) / report.Turns;

    private static double UniformShare(PrecisionProgress report) => UniformCost / (UniformCost + (1 - UniformCost) * report.Turns);

    private static PrecisionPlan PlanSoFar(PlanLayout layout, PrecisionProgress report)
    {
        PrecisionPlan plan = layout.Uniform(1);
        return plan with
        {
            Layers = [.. plan.Layers.Select((layer, i) => layer with { Repeats = [(int)Math.Round(report.Repeats[i])] })],
        };
    }
}
