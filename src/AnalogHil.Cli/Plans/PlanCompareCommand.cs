using System.CommandLine;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Files;
using AnalogHil.Cli.Signals;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Plans;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.PlanLearning;

namespace AnalogHil.Cli.Plans;

/// <summary>`hil plan compare`: the energies of several plans at equal drop.</summary>
internal static class PlanCompareCommand
{
    private const int UsualImages = 2000;
    private const int UsualDraws = 5;
    private const int LargestRepeats = 4096;

    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        var plans = new Argument<string[]>("FILE")
        {
            Description = "Plan files of one model under one noise; ratios are over the first",
            Arity = new ArgumentArity(2, 50),
        };
        var model = new Option<string?>("--model", "-m") { Description = "ONNX model [default: the file that the first plan names]", HelpName = "FILE" };
        var data = new Option<string?>("--data", "-d")
        {
            Description = "Directory of the images [default: the one that the first plan names]",
            HelpName = "NAME|DIR",
        };
        var calibration = new Option<string?>("--calibration")
        {
            Description = "Images that ranges of inputs are observed on, where the plans were learned from others than the calibration split of --data",
            HelpName = "NAME|DIR",
        };
        var draws = new Option<int?>("--draws")
        {
            Description = $"Noise draws for every image, the same for all plans [default: {UsualDraws}]",
            HelpName = "R", CustomParser = Numbers.Count(5, "must be a whole number, at least 5"),
        };
        var limit = new Option<int?>("--limit", "-n")
        {
            Description = $"Compare on the first N test images [default: {UsualImages}]",
            HelpName = "N", CustomParser = Numbers.Count(100, "must be a whole number, at least 100"),
        };
        var recorded = new Option<bool>("--recorded") { Description = "Only show what the files say; passes no images, and takes no --model, --data, --calibration, --draws or --limit" };
        var threads = new Option<int?>("--threads", "-t")
        {
            Description = "Threads [default: the processors of this machine]",
            HelpName = "N", CustomParser = Numbers.Count(1, "must be a whole number, at least 1"),
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on one line" };
        var command = new Command(
            "compare",
            """
            Compares plans of one network under one noise: the energy per MAC at which the shape of each loses the target drop of the first, on
            the same images with the same noise draws (a statement about these images), beside what each plan cost and was certified for.

            Example:  hil plan compare ours.plan.json paper.plan.json uniform.plan.json
            """)
        {
            plans, model, data, calibration, draws, limit, recorded, threads, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(recorded) is { Implicit: false }
                && new Option[] { model, data, calibration, draws, limit }.Any(one => result.GetResult(one) is { Implicit: false }))
            {
                result.AddError("--recorded passes no images, so that --model, --data, --calibration, --draws and --limit have no effect; leave it or them out");
            }
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            using var stop = new StopSignal(cancellationToken);
            try
            {
                return Task.FromResult((int)PlanCommand.Guarded(() =>
                {
                    string[] paths = parsed.GetRequiredValue(plans);
                    PlanFile[] files = [.. paths.Select(path => PlanCommand.Read(terminal, path))];
                    RequireSame(paths, files);
                    MeasuredPlans? measured = parsed.GetValue(recorded)
                        ? null
                        : Measure(
                            terminal, files, parsed.GetValue(model), parsed.GetValue(data), parsed.GetValue(calibration), parsed.GetValue(draws) ?? UsualDraws,
                            parsed.GetValue(limit) ?? UsualImages, parsed.GetValue(threads) ?? Environment.ProcessorCount, stop.Requested);
                    if (parsed.GetValue(json))
                    {
                        terminal.Output.WriteLine(ComparisonJson.Of(paths, files, measured));
                    }
                    else
                    {
                        ComparisonView.Write(paths, files, measured, terminal.CreateConsole());
                    }

                    return ExitCode.Accept;
                }));
            }
            catch (OperationCanceledException stopped)
            {
                throw new CliException(ExitCode.Stopped, "stopped on request: nothing was compared; the same command gives the same figures", stopped);
            }
        });
        return command;
    }

    private static void RequireSame(string[] paths, PlanFile[] plans)
    {
        for (int i = 1; i < plans.Length; i++)
        {
            if (plans[i].Model.Sha256 != plans[0].Model.Sha256)
            {
                throw new CliException(
                    ExitCode.DoesNotFit,
                    $"{paths[i]} is for the model {plans[i].Model.Sha256}, {paths[0]} for {plans[0].Model.Sha256}; compare plans of one model file");
            }

            if (IdentityOf(plans[i]) != IdentityOf(plans[0]))
            {
                throw new CliException(
                    ExitCode.DoesNotFit,
                    $"{paths[i]} is for the noise {NoiseOf(plans[i])}, {paths[0]} for {NoiseOf(plans[0])}; energies under different noise cannot be compared, learn both under one");
            }
        }
    }

    private static (string?, string?, string?, string?, string?, int?, int?) IdentityOf(PlanFile plan) =>
        (plan.Noise.Law, MeasuredOf(plan.Noise), plan.Noise.Profile, plan.Noise.Sigmas, plan.Grids?.Rule, plan.Grids?.InputBits, plan.Grids?.WeightBits);

    // The device and what was measured of it, to the last digit: a record is the same wherever it lies, and after it was resumed, which writes its report anew.
    private static string? MeasuredOf(PlanNoise noise) =>
        noise.Kind == PlanNoise.OfLaw ? null : $"{noise.Device}: {string.Join("; ", noise.Terms.Select(term => term.ToString()))}";

    private static string NoiseOf(PlanFile plan) => (plan.Noise.Law ?? $"{plan.Noise.Record} ({plan.Noise.RecordSha256?[..12]})")
        + (plan.Noise.Profile is { } profile ? $" ({profile})" : "") + (plan.Noise.Sigmas is { } sigmas ? $" ({sigmas})" : "")
        + (plan.Grids is { } grids ? $" on {grids.InputBits}-bit grids ({grids.Rule})" : "");

    // Where layers make their repeats in ways of their own, the noise is that of these ways.
    private static PlanVariant? OnDevice(PlanFile plan, PlanInputs inputs)
    {
        if (plan.Granularity == "rows")
        {
            return new PlanVariant(inputs.Network, inputs.NoiseByRows!());
        }

        RedundancyMode[] modes = [.. plan.Layers.Select(layer => ModeNames.Read(layer.Mode))];
        RedundancyMode measured = inputs.Layout(Granularity.Layer).Mode;
        return modes.All(mode => mode == measured) ? null : new PlanVariant(inputs.Network, new ModeNoise((NoiseModel)inputs.Noise, measured, modes));
    }

    // The noise is read from the record, which may be another one by now than the plans were learned against.
    private static void RequireSameRecord(PlanFile plan, PlanInputs inputs)
    {
        if (MeasuredOf(inputs.Provenance) is { } found && MeasuredOf(plan.Noise) is { } told && found != told)
        {
            throw new CliException(
                ExitCode.DoesNotFit,
                $"the record in {plan.Noise.Record} has other noise ({found}) than the plans were learned against ({told}); put that record back, or learn the plans anew with --profile");
        }
    }

    private static MeasuredPlans Measure(
        Terminal terminal, PlanFile[] plans, string? model, string? data, string? calibration, int draws, int limit, int threads, CancellationToken cancellationToken)
    {
        var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
        PlanFile first = plans[0];
        ReferenceLaws? laws = null;
        if (first.Noise.Law is { } written && !ReferenceLaws.TryParse(written, out laws, out string? problem))
        {
            throw new PlanFileException($"$.noise.law is {written}: {problem}");
        }

        PlanInputs inputs = PlanInputs.Read(
            new PlanInputNames(
                files.Model(model ?? first.Model.File ?? throw Missing("model file", "--model")),
                files.Data(data ?? first.Data.Directory ?? throw Missing("image directory", "--data")),
                calibration is null ? null : files.Data(calibration), files.PreprocessingDirectory, laws, first.Noise.Record, threads)
            {
                LawProfile = first.Noise.Profile is null ? ReferenceProfile.Corrected : ReferenceProfile.PaperCode,
                Quantised = first.Grids?.Rule,
                AtUpperLimits = first.Noise.Sigmas is not null,
            },
            terminal.Time,
            cancellationToken);
        RequireSameRecord(first, inputs);
        if (inputs.Network.Sha256 != first.Model.Sha256)
        {
            throw new CliException(
                ExitCode.DoesNotFit,
                $"{inputs.ModelFile} has the SHA-256 {inputs.Network.Sha256}, the plans are for {first.Model.Sha256}; name the right file with --model");
        }

        bool whole = plans.Any(plan => plan.Layers[0].Repeats is not null);
        int count = Math.Min(limit, inputs.Test.Count);
        var images = new LabelledImages(
            $"first {count} of {inputs.Test.Name}", inputs.Test.Shape, inputs.Test.Slice(0, count).ToArray(), inputs.Test.Labels[..count]);
        return new MeasuredPlans(
            PlanComparison.Run(
                plans, inputs.Network, inputs.Noise, inputs.Layout, images, first.Prediction.Target, draws, inputs.LargestEnergy ?? (whole ? LargestRepeats : 1e6),
                plan => laws is not null
                    ? PlanVariant.Of(
                        plan, inputs.QuantisedFrom?.Network ?? inputs.Network, laws, inputs.Learning.Pixels,
                        Math.Min(PlanInputs.RangeImages, inputs.Learning.Count), inputs.Network, inputs.Ranges)
                    : OnDevice(plan, inputs),
                (done, name) => terminal.Say($"plan {done + 1} of {plans.Length}: {name}, {draws} draws of {count:N0} images"), cancellationToken),
            count);
    }

    private static CliException Missing(string what, string option) =>
        new(ExitCode.Usage, $"the first plan does not tell its {what}; name it with {option}");
}
