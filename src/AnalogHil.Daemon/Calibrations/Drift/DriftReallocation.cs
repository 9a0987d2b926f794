using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AnalogHil.Calibration.Suite;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Networks;
using AnalogHil.Daemon.Campaign.Steps;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Records;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision;
using AnalogHil.Precision.Certification;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.PlanLearning;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.V1;
using Verdict = AnalogHil.Core.Statistics.Verdict;

namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>Decides what a plan is worth under renewed noise, and looks for a better one that spends no more than the old.</summary>
internal static class DriftReallocation
{
    /// <summary>Name of the new plan's file.</summary>
    public const string PlanName = "plan.json";

    /// <summary>One-sided level of each of the two certifications that can be made: 5 % for both (Bonferroni).</summary>
    public const double LevelOfEach = 0.025;

    private const int Batch = 100;
    private const string Noisier = "find what made the noise rise";

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
        RecordedNoise noise = await RecordedNoise.ReadAsync(record, (OnnxNetwork)inputs.Network, inputs.Calibration, options.Time, cancellationToken)
            .ConfigureAwait(false);
        if (noise.Provenance.Device != renewed.Device.Uid)
        {
            throw new CampaignException(
                ErrorReason.PlanDoesNotFit,
                $"the campaign in {record} ran on device {noise.Provenance.Device}, {renewed.Id} is of {renewed.Device.Uid}; "
                    + "name a campaign on the watched bench");
        }

        var task = new ReallocationTask(
            inputs.Network,
            new NoiseModel(noise.Network.Scales, profile),
            new PlanLayout(noise.Network, Granularity.Layer, noise.Mode),
            learned.Plan,
            CertifiedPlan.LargestRepeats(noise.MaxRepeats, certificate),
            inputs.Calibration,
            inputs.Test)
        {
            Target = request.MaxDropPoints / 100,
            MaxImages = request.MaxImages,
            SplitSeed = CampaignSeeds.Of(request.Seed, CampaignPhase.Unspecified),
            Seed = request.Seed,
            Time = options.Time,
        };
        Reallocation plan;
        try
        {
            if (LearnedVariant.Of(learned) is { } variant)
            {
                task = task with { Deployed = variant.On(inputs.Network) };
                if (variant.HasFullScales)
                {
                    NetworkOnDevice laid = variant.LayOut(inputs.Network, noise.Network.Capabilities, noise.Network.Map, inputs.Calibration);
                    task = task with { DeployedNoise = new NoiseModel(laid.Scales, profile) };
                }
            }

            plan = await Task.Run(() => Decide(task, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (PrecisionException impossible)
        {
            throw PrecisionFailures.Explain(impossible);
        }

        Write(plan, record, renewed, inputs.Fingerprint.ModelSha256, request, noise.Provenance with { Terms = TermsOf(profile) }, folder);
        return plan;
    }

    private static void Write(
        Reallocation plan, string record, CalibrationDocument renewed, string model, CampaignRequest request, PlanNoise noise, string folder)
    {
        Certificate shown = plan.Certificate;
        new DriftRecord(
            renewed.Id, record, plan.Outcome, plan.Reason, plan.Budget, shown.Energy, shown.Verdict, shown.Decision.Drop, shown.Decision.Limits, shown.Target,
            shown.Examples, plan.Looks, LevelOfEach, plan.Learned is null ? null : PlanName, shown.Assumptions).Write(folder);
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

    /// <summary>
    /// Certifies the old plan under the renewed noise; where that is not accepted, learns another and holds it to the old energy: all of it first, then the
    /// cheapest that is predicted to be accepted. Both on the campaign's certification examples, on which neither was chosen; each at half of the level, so
    /// that the chance of accepting a plan at the target is 5 % for both, the second's two energies included by their fixed order.
    /// </summary>
    /// <param name="task">The plan in force and what it is judged by.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="PrecisionException">The examples are too few to accept anything.</exception>
    public static Reallocation Decide(ReallocationTask task, CancellationToken cancellationToken)
    {
        EnergyPoint old = EnergyPoint.Of(task.Old) with { Network = task.Deployed, Noise = task.DeployedNoise };
        double budget = old.MeanEnergy;
        (int search, int certification) = CampaignSplits.SizesOf(task.Test, task.MaxImages);
        LabelledImages unseen = Splits.Create(task.Test, search, certification, task.SplitSeed).Certification;
        Certificate held = new ModelCertifier(task.Network, task.Noise, task.Target, Batch, task.Seed, alpha: LevelOfEach)
            .Run("the plan in force", [(old, 0)], unseen, cancellationToken);
        string digital = task.DeployedNoise is null ? "digital gains and offsets" : "full scales, digital gains and offsets";
        string inForce = task.Deployed is null ? "the plan in force" : $"the plan in force, with its {digital},";
        if (held.Verdict == Verdict.Accept)
        {
            return Outcome(ReallocationOutcome.Holds, held, 1, $"{inForce} is accepted under the renewed noise: {held.Decision.Reason}");
        }

        LearnedPlan learned;
        try
        {
            var other = new PlanTask(task.Network, task.Noise, task.Layout, MethodChoice.Of("integer", null, false), task.Learning, task.Test)
            {
                Target = task.Target,
                LargestEnergy = task.LargestRepeats,
                Ceiling = budget,
                MaxImages = search + certification,
                Alpha = LevelOfEach,
                SplitSeed = task.SplitSeed,
                Seed = task.Seed,
                Time = task.Time,
            };
            learned = PlanLearner.Learn(other, null, cancellationToken);
        }
        catch (PrecisionException impossible)
        {
            string reason = $"degraded: no allocation can be learned under the renewed noise ({impossible.Message}); {inForce}: {held.Decision.Reason}";
            return Outcome(ReallocationOutcome.Degraded, held, 1, reason);
        }

        Certificate shown = learned.Certificate;
        string tried = Tried(shown, budget) + (task.Deployed is null ? "" : $", all without {digital}, which no plan file on a device holds")
            + (task.DeployedNoise is null ? "" : "; the weights have to be written again for it");

        // A budget that was computed as the cost of a plan must admit that plan in spite of rounding.
        if (learned.Learned.Point.Plan is { } plan && learned.Learned.Energy <= budget * (1 + 1e-9) && shown.Verdict == Verdict.Accept)
        {
            string spent = Text($"{learned.Learned.Energy:G4} of {budget:G4} reads per multiply-accumulate");
            return Outcome(
                ReallocationOutcome.Reallocated, shown, 2, $"re-allocated within the old energy: {spent}, {shown.Decision.Reason}; {tried}") with
            {
                Plan = plan, Learned = learned,
            };
        }

        string missing = !learned.Learned.Reachable && learned.Method is null
            ? Text($"no allocation up to K = {task.LargestRepeats} is predicted to be accepted under the renewed noise ({learned.Learned.Reason}); {Noisier}")
            : $"{inForce} is not accepted under the renewed noise ({held.Decision.Reason}), nor is another of its energy ({shown.Decision.Reason}); {tried}; "
                + Text($"the prediction for all of the old energy: {learned.Learned.Reason}; raise the budget, certify on more examples, or {Noisier}");
        return Outcome(ReallocationOutcome.Degraded, held, 2, "degraded: " + missing);

        Reallocation Outcome(ReallocationOutcome outcome, Certificate certificate, int looks, string reason) => new(
            outcome, task.Old, certificate, budget,
            reason + Text($" (look {looks} of at most 2 at these examples, each at a one-sided {100 * LevelOfEach:0.##} %, ")
                + Text($"both at {200 * LevelOfEach:0.##} %)"))
        {
            Looks = looks,
        };
    }

    // Of the fixed order, what was put to the test.
    private static string Tried(Certificate certificate, double budget) =>
        Text($"tried in a fixed order, from all of the old energy ({budget:G4}) to the cheapest that is predicted to be accepted: ")
        + string.Join(", then ", certificate.Tried.Select(one => Text($"{one.Energy:G4} ")
            + (one.Decision.Verdict == Verdict.Accept ? "(accepted)" : one.Decision.Verdict == Verdict.Reject ? "(rejected)" : "(inconclusive)")));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
