using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AnalogHil.Calibration.Suite;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Records;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision;
using AnalogHil.Precision.Certification;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.PlanLearning;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>Decides what a plan is worth under renewed noise, and looks for a better one that spends no more than the old.</summary>
internal static class DriftReallocation
{
    /// <summary>Name of the new plan's file.</summary>
    public const string PlanName = "plan.json";

    private const int Batch = 100;

    /// <summary>Of the campaign in a record's directory; writes what it comes to, and a new plan, into a folder.</summary>
    /// <param name="record">Directory of a finished campaign.</param>
    /// <param name="renewed">The renewed calibration.</param>
    /// <param name="options">Directories of benches and declarations; the clock.</param>
    /// <param name="folder">Folder for drift.json and plan.json.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="CampaignException">The record is not finished, or its inputs changed.</exception>
    public static async Task<Reallocation> OfRecordAsync(
        string record, CalibrationDocument renewed, DaemonOptions options, string folder, CancellationToken cancellationToken)
    {
        NoiseProfile profile = SuiteProfile.Of(renewed.Results, renewed.FullScale)
            ?? throw new CampaignException(ErrorReason.CalibrationFailed, $"{renewed.Id} has no noise terms; calibrate with the routine mix");
        CertifiedLaw? certificate = renewed.Results.GetValueOrDefault("averaging")?.Certificate;
        CampaignRequest request = RecordedNoise.RequestOf(record);
        CampaignInputs inputs = new InputReader(options, options.Time).Read(request);
        PrecisionResult learned = CheckpointStore.Peek<PrecisionResult>(record, CampaignPhase.Learn)
            ?? throw new CampaignException(ErrorReason.NotFound, $"{record} holds no plan; give the directory of a campaign that came past learning");
        RecordedNoise noise = await RecordedNoise.ReadAsync(record, inputs.Network, inputs.Calibration, options.Time, cancellationToken).ConfigureAwait(false);
        if (noise.Provenance.Device != renewed.Device.Uid)
        {
            throw new CampaignException(
                ErrorReason.PlanDoesNotFit,
                $"the campaign in {record} ran on device {noise.Provenance.Device}, {renewed.Id} is of {renewed.Device.Uid}; name a campaign on the watched bench");
        }

        Reallocation plan = await Task.Run(
            () => Decide(
                inputs.Network,
                new NoiseModel(noise.Network.Scales, profile),
                new PlanLayout(noise.Network, Granularity.Layer, noise.Mode),
                learned.Plan,
                CertifiedPlan.LargestRepeats(noise.MaxRepeats, certificate),
                inputs.Calibration,
                inputs.Test,
                request.MaxDropPoints / 100,
                request.Seed,
                options.Time,
                cancellationToken),
            cancellationToken).ConfigureAwait(false);
        Write(plan, record, renewed, inputs.Fingerprint.ModelSha256, request, noise.Provenance with { Terms = TermsOf(profile) }, folder);
        return plan;
    }

    private static void Write(
        Reallocation plan, string record, CalibrationDocument renewed, string model, CampaignRequest request, PlanNoise noise, string folder)
    {
        Certificate shown = plan.Certificate;
        new DriftRecord(
            renewed.Id, record, plan.Outcome, plan.Reason, plan.Budget, shown.Energy, shown.Verdict, shown.Decision.Drop, shown.Decision.Limits, shown.Target,
            shown.Examples, plan.Learned is null ? null : PlanName, shown.Assumptions).Write(folder);
        if (plan.Learned is { } learned)
        {
            PlanFile file = PlanFileBuilder.Of(
                learned, new PlanSource(model, request.ModelFile, request.DataDirectory, noise, new PlanCode("hil", BuildInfo.Version, BuildInfo.Commit)));
            AtomicFile.Write(Path.Combine(folder, PlanName), Encoding.UTF8.GetBytes(PlanFileJson.Serialize(file)));
        }
    }

    private static ImmutableArray<PlanNoiseTerm> TermsOf(NoiseProfile profile) =>
    [
        .. profile.Terms.Select(term => new PlanNoiseTerm(
            NoiseTermNames.Of(term.Term), term.Sigma.Value, term.Sigma.Interval.Low,
            double.IsFinite(term.Sigma.Interval.High) ? term.Sigma.Interval.High : null, term.Sigma.N, term.Present)),
    ];

    /// <summary>Certifies the old plan under the renewed noise; where that is not accepted, learns another and holds it to the old energy.</summary>
    /// <param name="network">The network.</param>
    /// <param name="noise">Its noise as renewed.</param>
    /// <param name="layout">Layers.</param>
    /// <param name="old">The plan in force.</param>
    /// <param name="largestRepeats">Largest K.</param>
    /// <param name="learning">Examples to learn from.</param>
    /// <param name="test">Examples for search and certification.</param>
    /// <param name="target">Largest drop, a fraction.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static Reallocation Decide(
        INetwork network, INoiseModel noise, PlanLayout layout, PrecisionPlan old, int largestRepeats, LabelledImages learning, LabelledImages test,
            double target, ulong seed,
        TimeProvider time, CancellationToken cancellationToken)
    {
        double budget = EnergyPoint.Of(old).MeanEnergy;
        var certifier = new ModelCertifier(network, noise, target, Batch, seed);
        Certificate held = certifier.Run("the plan in force", [EnergyPoint.Of(old)], 0, test, cancellationToken);
        if (held.Verdict == Core.Statistics.Verdict.Accept)
        {
            return new(ReallocationOutcome.Holds, old, held, budget, Text($"the plan in force is accepted under the renewed noise: {held.Decision.Reason}"));
        }

        LearnedPlan learned;
        try
        {
            learned = PlanLearner.Learn(
                new PlanTask(network, noise, layout, MethodChoice.Of("integer", null, false), learning, test) { Target = target,
                    LargestEnergy = largestRepeats, Seed = seed, Time = time }, null, cancellationToken);
        }
        catch (PrecisionException impossible)
        {
            return new(ReallocationOutcome.Degraded, old, held, budget,
                $"degraded: no allocation can be learned under the renewed noise ({impossible.Message}); the plan in force: {held.Decision.Reason}");
        }

        double energy = learned.Learned.Energy;
        return learned.Learned.Point.Plan is { } plan && energy <= budget && learned.Certificate.Verdict == Core.Statistics.Verdict.Accept
            ? new(
                ReallocationOutcome.Reallocated, plan, learned.Certificate, budget,
                Text($"re-allocated within the old energy: {energy:G4} of {budget:G4} reads per multiply-accumulate, {learned.Certificate.Decision.Reason}")) { Learned = learned }
            : new(
                ReallocationOutcome.Degraded, old, held, budget,
                learned.Learned.Reachable && energy <= budget
                    ? Text($"degraded: the other allocation of {energy:G4} reads per multiply-accumulate within the old {budget:G4} is not accepted either: {learned.Certificate.Decision.Reason}; certify on more examples, or find what made the noise rise")
                    : learned.Learned.Reachable
                    ? Text($"degraded: under the renewed noise {energy:G4} reads per multiply-accumulate are needed, the old plan spends {budget:G4}: {held.Decision.Reason}; raise the budget, or find what made the noise rise")
                    : Text($"degraded: no allocation up to K = {largestRepeats} is predicted to be accepted under the renewed noise ({learned.Learned.Reason}); find what made the noise rise"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
