using System.Globalization;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Models;
using AnalogHil.Daemon.Operations;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.PlanLearning;
using AnalogHil.V1;
using Google.Protobuf;

namespace AnalogHil.Daemon.Plans;

/// <summary>Accepts requests for plans: reads and checks all inputs, then learns in an operation.</summary>
internal sealed class PlanIntake(DaemonOptions options, ModelShelf models, PlanShelf plans, LongOperations operations, TimeProvider time)
{
    /// <summary>Kind of the operation.</summary>
    public const string Kind = "learn";

    private const int UsualLargestRepeats = 4096;
    private const int FewestImages = CampaignSplits.FewestTestImages;
    private const int Units = 1000;

    /// <summary>Begins to learn a plan.</summary>
    /// <exception cref="CampaignException">Something about the request or its inputs is wrong.</exception>
    public IOperation Start(LearnRequest asked, OperationOrigin origin, CancellationToken cancellationToken)
    {
        (MethodChoice method, PlanInputNames names) = Read(asked);
        PlanInputs inputs = Inputs(names, cancellationToken);
        var task = new PlanTask(
            inputs.Network, inputs.Noise, inputs.Layout(asked.Granularity == PlanGranularity.Channel ? Granularity.Channel : Granularity.Layer), method, inputs.Learning, inputs.Test)
        {
            Target = (asked.HasMaxDropPoints ? asked.MaxDropPoints : RequestReader.UsualMaxDropPoints) / 100,
            Budget = asked.HasBudgetReadsPerMac ? asked.BudgetReadsPerMac : null,
            LargestEnergy = LargestRepeats(asked, inputs, method),
            MaxImages = asked.HasMaxImages ? asked.MaxImages : int.MaxValue,
            Seed = asked.HasSeed ? asked.Seed : RequestReader.UsualSeed,
            Time = time,
            Device = inputs.OnDevice,
            EnergyUnit = inputs.EnergyUnit,
        };
        return operations.Start(new OperationTask(Kind, "", asked, origin, (operation, token) => Task.Run<IMessage>(() => Learn(task, inputs, operation, token), token)));
    }

    private LearnResponse Learn(PlanTask task, PlanInputs inputs, LongOperation operation, CancellationToken cancellationToken)
    {
        var progress = new DirectProgress<PrecisionProgress>(report => operation.Report(
            NameOf(report.Phase), (long)(report.Fraction * Units), Units, report.Message, report.Remaining));
        LearnedPlan learned = PlanLearner.Learn(task, progress, cancellationToken);
        PlanFile plan = PlanFileBuilder.Of(learned, new PlanSource(
            inputs.Network.Sha256, inputs.ModelFile, inputs.DataDirectory, inputs.Provenance, new PlanCode("hil", BuildInfo.Version, BuildInfo.Commit)));
        return new LearnResponse { Plan = plans.Describe(PlanShelf.Prefix + plans.Keep(plan), withFile: true) };
    }

    private (MethodChoice Method, PlanInputNames Names) Read(LearnRequest asked)
    {
        var checks = new FieldChecks();
        CampaignRequest? recorded = null;
        ReferenceLaws? laws = null;
        switch (asked.NoiseCase)
        {
            case LearnRequest.NoiseOneofCase.Record:
                recorded = checks.Require(Path.IsPathFullyQualified(asked.Record), "record", $"'{asked.Record}' is not an absolute path; give one on the daemon's machine")
                    ? RecordedNoise.RequestOf(asked.Record)
                    : null;
                break;
            case LearnRequest.NoiseOneofCase.Law when !ReferenceLaws.TryParse(asked.Law, out laws, out string? problem):
                checks.Add("law", $"'{asked.Law}' {problem}");
                break;
            case LearnRequest.NoiseOneofCase.None:
                checks.Add("law", "is missing, and so is record; say what the noise is");
                break;
        }

        string model = Given(asked.Model, recorded?.ModelFile, "model", checks);
        string data = Given(asked.Data, recorded?.DataDirectory, "data", checks);
        checks.Require(
            !asked.HasMaxDropPoints || asked.MaxDropPoints is > 0 and < 100,
            "max_drop_points",
            Text($"is {asked.MaxDropPoints}, must lie strictly between 0 and 100 percentage points; 2 is usual"));
        checks.Require(
            !asked.HasBudgetReadsPerMac || asked.BudgetReadsPerMac is > 0 and < double.PositiveInfinity,
            "budget_reads_per_mac",
            Text($"is {asked.BudgetReadsPerMac}, must be a number above 0; leave it out to have it predicted"));
        checks.Require(!asked.HasMaxRepeats || asked.MaxRepeats >= 1, "max_repeats", Text($"is {asked.MaxRepeats}, must be at least 1"));
        checks.Require(
            !asked.HasMaxImages || asked.MaxImages >= FewestImages,
            "max_images",
            Text($"is {asked.MaxImages}, must be at least {FewestImages}; leave it out for all images"));
        string? method = MethodOf(asked.Method, asked.NoiseCase);
        checks.Require(method is not null, "method", Text($"is {(int)asked.Method}, which is no method"));
        checks.Require(
            asked.Granularity is PlanGranularity.Unspecified or PlanGranularity.Layer or PlanGranularity.Channel,
            "granularity",
            Text($"is {(int)asked.Granularity}, which is none"));
        checks.ThrowIfAny();
        bool shot = laws?.IsShotNoise ?? false;
        return (MethodChoice.Of(method!, null, shot), new PlanInputNames(
            models.FileOf(model), data, null, options.PreprocessingDirectory, laws, recorded is null ? null : asked.Record, Environment.ProcessorCount));
    }

    private static double LargestRepeats(LearnRequest asked, PlanInputs inputs, MethodChoice method)
    {
        try
        {
            return inputs.LargestRepeats(asked.HasMaxRepeats ? asked.MaxRepeats : null, method.WholeRepeats ? UsualLargestRepeats : 1e6);
        }
        catch (PrecisionException beyond)
        {
            throw new CampaignException(ErrorReason.PlanDoesNotFit, beyond.Message, beyond) { Fields = [new FieldError("max_repeats", beyond.Message)] };
        }
    }

    private PlanInputs Inputs(PlanInputNames names, CancellationToken cancellationToken)
    {
        try
        {
            return PlanInputs.Read(names, time, cancellationToken);
        }
        catch (ModelImportException wrong)
        {
            throw new CampaignException(ErrorReason.ModelInvalid, wrong.Message, wrong) { Fields = [new FieldError("model", wrong.Message)] };
        }
        catch (DataSetException wrong)
        {
            throw new CampaignException(ErrorReason.DataInvalid, wrong.Message, wrong) { Fields = [new FieldError("data", wrong.Message)] };
        }
        catch (PrecisionException wrong)
        {
            throw PlanFailures.Explain(wrong);
        }
    }

    private static string Given(string given, string? recorded, string field, FieldChecks checks)
    {
        string value = given.Length > 0 ? given : recorded ?? "";
        if (checks.RequireGiven(value, field, "an absolute path on the daemon's machine"))
        {
            checks.Require(
                Path.IsPathFullyQualified(value) || (field == "model" && value.StartsWith(ModelShelf.Prefix, StringComparison.Ordinal)),
                field, $"'{value}' is not an absolute path; give one on the daemon's machine");
        }

        return value;
    }

    private static string? MethodOf(LearnMethod method, LearnRequest.NoiseOneofCase noise) => method switch
    {
        LearnMethod.Unspecified => noise == LearnRequest.NoiseOneofCase.Record ? "integer" : "ours",
        LearnMethod.Uniform => "uniform",
        LearnMethod.Paper => "paper",
        LearnMethod.Ours => "ours",
        LearnMethod.Integer => "integer",
        LearnMethod.UniformInteger => "uniform-integer",
        LearnMethod.PaperInteger => "paper-integer",
        _ => null,
    };

    private static string NameOf(PrecisionPhase phase) => phase switch
    {
        PrecisionPhase.Uniform => "uniform",
        PrecisionPhase.Learning => "learn",
        PrecisionPhase.Search => "search",
        PrecisionPhase.Twin => "twin",
        _ => "certify",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
