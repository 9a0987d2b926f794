using System.CommandLine;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Models;
using AnalogHil.Cli.Sessions;
using AnalogHil.Core.Noise;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Certification;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanLearning;

namespace AnalogHil.Cli.Plans;

/// <summary>`hil plan learn`: learns a precision plan and certifies it on the model route.</summary>
internal static class PlanLearnCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Option<string?>("--model", "-m")
        {
            Description = "ONNX model, or name of one that comes with the program [default: fashion-resnet]",
            HelpName = "FILE",
        };
        var data = new Option<string?>("--data", "-d")
        {
            Description = "Image set that comes with the program, or directory of images, or of token arrays for text models; its "
                + "test split is shared out between search and certification [default: fashion-mnist]",
            HelpName = "NAME|DIR",
        };
        var calibration = new Option<string?>("--calibration")
        {
            Description = "Labelled images to learn from [default: calibration split of --data]",
            HelpName = "NAME|DIR",
        };
        var noise = new Option<ReferenceLaws?>("--noise")
        {
            Description = "Noise law, as hil model eval has it but without @E, which is learned: thermal:0.01, weight:0.1, shot:1 "
                + "(E is photons then), shot-fixed:1, rin:0.01, or several joined with + [default: thermal:0.01]",
            HelpName = "LAW", CustomParser = ModelEvalCommand.ParseLaws,
        };
        var profile = new Option<string?>("--profile")
        {
            Description = "Instead of a law the noise that a campaign measured: directory of its record; model and data are the record's where not given",
            HelpName = "RECORD",
        };
        var upperLimits = new Option<bool>("--upper-limits")
        {
            Description = "With --profile: plan against the upper 95 % limit of every measured sigma instead of its estimate; with whole K per layer or channel "
                + "the plan says what that costs",
        };
        var lawProfile = new Option<string>("--law-profile")
        {
            Description = "How --noise is read: by the paper's equations, or as its authors' code draws it "
                + "(N without groups, weight noise once for 32 images, taps on padding left out of the shot norm, ReLU for ReLU6)",
            HelpName = "corrected|paper-code",
            DefaultValueFactory = _ => LawNoise.Corrected,
        };
        lawProfile.AcceptOnlyFromAmong(LawNoise.Corrected, LawNoise.PaperCode);
        var quantised = new Option<string?>("--quantised")
        {
            Description = "Put inputs and weights of all products on 8-bit grids before the noise of a law is added, ranges of inputs by "
                + "moving-average, min-max, or percentile (clipped at 99.99); drops count from that network, and what it loses itself is reported [default: float32]",
            HelpName = "RULE",
        };
        quantised.AcceptOnlyFromAmong([.. RangeRules.Names]);
        var method = new Option<string?>("--method")
        {
            Description = $"One of {string.Join(", ", MethodChoice.Names)}; corrected is ours with full scales (under thermal or weight noise) and a digital gain and offset for each "
                + "channel, corrected-ranges with full scales learned by gradient, corrected-tuned with fine-tuned weights, "
                + "written to an ONNX file with its declaration of preprocessing beside the plan; integer ours in whole K [default: ours, with --profile integer]",
            HelpName = "NAME",
        };
        method.AcceptOnlyFromAmong([.. MethodChoice.Names]);
        var granularity = new Option<string>("--granularity")
        {
            Description = "One energy for each layer, for each channel, or for each group of rows that one tile reads at once",
            HelpName = "layer|channel|rows",
            DefaultValueFactory = _ => "layer",
        };
        granularity.AcceptOnlyFromAmong("layer", "channel", "rows");
        var tileRows = new Option<int?>("--tile-rows")
        {
            Description = "Rows of a tile, for --granularity rows under a law [default: with --profile the device's]", HelpName = "ROWS",
            CustomParser = Numbers.Count(1, "must be a whole number, at least 1"),
        };
        var maxDrop = new Option<double?>("--max-drop")
        {
            Description = "Largest accepted loss of accuracy against the float32 network, percentage points [default: 2]", HelpName = "POINTS",
            CustomParser = Numbers.Real(points => points is > 0 and < 100, "must lie strictly between 0 and 100 percentage points; 2 is usual"),
        };
        var budget = new Option<double?>("--budget")
        {
            Description = "Mean E per MAC at which the shape is learned, of which uniform has none [default: what the sensitivities predict]", HelpName = "E",
            CustomParser = Numbers.Real(value => value > 0 && double.IsFinite(value), "must be a number above 0; leave it out to have it predicted"),
        };
        var steps = new Option<int?>("--steps")
        {
            Description = "Steps of the method, of which uniform has none [default: paper 1501, ours 50, corrected 96]",
            HelpName = "N",
            CustomParser = Numbers.Count(0, "must be a whole number, not negative; leave it out for the method's own"),
        };
        var maxRepeats = new Option<int?>("--max-k")
        {
            Description = "Largest K of a layer, or E where energies are continuous (the paper's recipe starts there if it is below its 10,000) "
                + $"[default: the device's K; with a law {PlanLearnLocal.UsualLargestRepeats} for whole K, 1,000,000 for E]",
            HelpName = "K",
            CustomParser = Numbers.Count(1, "must be a whole number, at least 1"),
        };
        var maxImages = new Option<int?>("--max-images")
        {
            Description = "Use at most N test images for search and certification together, at least 250 [default: all]", HelpName = "N",
            CustomParser = Numbers.Count(250, "must be a whole number, at least 250; leave it out for all images"),
        };
        var draws = new Option<int?>("--draws")
        {
            Description = "Noise draws R of the certification, each over all its images [default: 1, with --programming 10]", HelpName = "R",
            CustomParser = Numbers.Count(1, "must be a whole number, at least 1"),
        };
        var programming = new Option<double?>("--programming")
        {
            Description = "Certify with weights that are off by SIGMA of the span of their channel, new for each of the R draws and "
                + "the same for all images: R devices [default: none]",
            HelpName = "SIGMA",
            CustomParser = Numbers.Real(value => value > 0 && double.IsFinite(value), "must be a number above 0; 0.01 is one per cent of the span"),
        };
        var modes = new Option<bool>("--modes")
        {
            Description = "With --profile: choose for each layer how its repeats are made (accumulated, averaged, copied), for the "
                + "least declared energy at the same loss",
        };
        var maxLatency = new Option<double?>("--max-latency")
        {
            Description = "Longest time of all reads of one example with --modes [default: any]", HelpName = "SECONDS",
            CustomParser = Numbers.Real(value => value > 0 && double.IsFinite(value), "must be a number of seconds above 0"),
        };
        var maxCells = new Option<int?>("--max-cells")
        {
            Description = "Most cells that weights and copies may take with --modes [default: all of the device]",
            HelpName = "N",
            CustomParser = Numbers.Count(1, "must be a whole number, at least 1"),
        };
        var seed = new Option<ulong?>("--seed", "-s")
        {
            Description = "Seed of everything random; the same seed gives the same plan [default: 1]", HelpName = "N",
            CustomParser = Numbers.Natural($"must be a whole number in 0 .. {ulong.MaxValue}; leave it out for 1"),
        };
        var threads = new Option<int?>("--threads", "-t")
        {
            Description = "Threads [default: the processors of this machine]",
            HelpName = "N",
            CustomParser = Numbers.Count(1, "must be a whole number, at least 1; leave it out for all processors"),
        };
        var output = new Option<string?>("--out", "-o") { Description = "Plan file to write, in place of one that is there [default: MODEL-METHOD.plan.json here, where none is yet]", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Print the plan as JSON; progress goes to standard error" };
        Option<string?> server = ServerAddress.CreateOption(
            "Running daemon that learns and keeps the plan: path of its Unix socket [default: this program learns]");
        var command = new Command(
            "learn",
            """
            Learns how much energy each layer of a network needs under a noise law, or under the noise that a campaign measured: the smallest
            uniform energy, the method's shape at the budget that sensitivities predict, the smallest energy of that shape which certifies with
            probability 0.9, and the certification on images that nothing was chosen on. Writes a plan file (docs/plan-file.md). Ends with the
            certificate's verdict: 0 ACCEPT, 1 REJECT, 2 INCONCLUSIVE; 65 where model, images, labels or plan are bad or too few, 75 after Ctrl-C, 78
            where no plan can be, as with a budget below one read everywhere. Where the noise leaves the target out of reach the file holds the uniform
            plan that comes nearest, says why, and its verdict is REJECT or INCONCLUSIVE.

            Examples:
              hil plan learn
              hil plan learn --model net.onnx --data ./images --noise weight:0.1 --method paper --out paper.plan.json
              hil plan learn --noise shot:1 --granularity channel --max-drop 1
              hil plan learn --granularity rows --tile-rows 64
              hil plan learn --noise weight:0.1 --method corrected
              hil plan learn --quantised percentile
              hil plan learn --noise weight:0.1 --model fashion-lenet --method corrected-tuned
              hil plan learn --noise weight:0.1 --law-profile paper-code --method paper
              hil plan learn --profile runs/first --method integer
              hil plan learn --profile runs/first --upper-limits
              hil plan learn --profile runs/first --modes --max-latency 0.001
            """)
        {
            model, data, calibration, noise, lawProfile, quantised, profile, upperLimits, method, granularity, tileRows, maxDrop, budget, steps, maxRepeats, maxImages, draws,
            programming, modes, maxLatency, maxCells, seed, threads, output, json, server,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(noise) is { Implicit: false } && result.GetResult(profile) is { Implicit: false })
            {
                result.AddError("--noise and --profile both say what the noise is; give one of them");
            }

            bool byRows = result.GetResult(granularity) is { Implicit: false } chosen && chosen.GetValueOrDefault<string>() == "rows";
            if (byRows && result.GetResult(profile) is not { Implicit: false } && result.GetResult(tileRows) is not { Implicit: false })
            {
                result.AddError("--granularity rows needs to know what one tile reads: give --tile-rows, or --profile with the record of a device");
            }

            if (result.GetResult(tileRows) is { Implicit: false } && (!byRows || result.GetResult(profile) is { Implicit: false }))
            {
                result.AddError("--tile-rows is for --granularity rows under a law; a device of --profile has its own");
            }

            if (result.GetResult(server) is { Implicit: false } && (byRows || InCode(result)))
            {
                result.AddError("--granularity rows and --law-profile are not taken by daemons; leave --server out");
            }

            if (InCode(result) && result.GetResult(programming) is { Implicit: false })
            {
                result.AddError(
                    "--programming is not taken with --law-profile paper-code: the authors' code holds weight noise as a "
                    + "programming error is held; leave one of them out");
            }

            if (result.GetResult(lawProfile) is { Implicit: false } && result.GetResult(profile) is { Implicit: false })
            {
                result.AddError("--law-profile says how a law of --noise is read; a device of --profile has none");
            }

            if (result.GetResult(quantised) is { Implicit: false } && (result.GetResult(profile) is { Implicit: false } || byRows))
            {
                result.AddError(
                    "--quantised is for a law, per layer or channel: a device of --profile has the grids of its own converters, and energies per row group "
                    + "are learned in float32; leave it out");
            }

            if (result.GetResult(quantised) is { Implicit: false } && result.GetResult(method)?.GetValueOrDefault<string?>() == "corrected-tuned")
            {
                result.AddError("--method corrected-tuned writes float32 weights, which --quantised would round; leave one of them out");
            }

            if (result.GetResult(budget) is { Implicit: false } && result.GetResult(method)?.GetValueOrDefault<string?>() is "uniform" or "uniform-integer")
            {
                result.AddError("--budget has no effect on a uniform method, which learns no shape; leave it out, or choose another --method");
            }

            if (result.GetResult(steps) is { Implicit: false } && result.GetResult(method)?.GetValueOrDefault<string?>() is "uniform" or "uniform-integer")
            {
                result.AddError("--steps has no effect on a uniform method, which learns no shape; leave it out, or choose another --method");
            }

            if (result.GetResult(upperLimits) is { Implicit: false } && result.GetResult(profile) is not { Implicit: false })
            {
                result.AddError("--upper-limits is of a measured sigma: give --profile with the record of a campaign; a law of --noise is exact");
            }

            if (result.GetResult(modes) is { Implicit: false } && result.GetResult(profile) is not { Implicit: false })
            {
                result.AddError("--modes needs the device whose modes they are: give --profile with the record of a campaign");
            }

            if (result.GetResult(modes) is not { Implicit: false }
                && new Option[] { maxLatency, maxCells }.Any(one => result.GetResult(one) is { Implicit: false }))
            {
                result.AddError("--max-latency and --max-cells limit what --modes may choose; give it too");
            }

            if (result.GetResult(server) is { Implicit: false }
                && new Option[] { calibration, steps, draws, programming, modes, upperLimits, quantised, threads }.Any(one => result.GetResult(one) is { Implicit: false }))
            {
                result.AddError("--calibration, --steps, --draws, --programming, --modes, --upper-limits, --quantised and --threads are not taken by daemons; leave them or --server out");
            }
        });
        bool InCode(System.CommandLine.Parsing.CommandResult result) => result.GetValue(lawProfile) == LawNoise.PaperCode;

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new PlanLearnOptions(
                parsed.GetValue(model), parsed.GetValue(data), parsed.GetValue(calibration), parsed.GetValue(noise),
                parsed.GetValue(profile), parsed.GetValue(method),
                parsed.GetValue(granularity) switch { "channel" => Granularity.Channel, "rows" => Granularity.Rows, _ => Granularity.Layer },
                parsed.GetValue(tileRows),
                parsed.GetValue(lawProfile) == LawNoise.PaperCode ? ReferenceProfile.PaperCode : ReferenceProfile.Corrected,
                (parsed.GetValue(maxDrop) ?? 2) / 100, parsed.GetValue(budget), parsed.GetValue(steps), parsed.GetValue(maxRepeats),
                parsed.GetValue(maxImages), parsed.GetValue(seed) ?? 1,
                parsed.GetValue(threads) ?? Environment.ProcessorCount, parsed.GetValue(output), parsed.GetValue(json))
            {
                Draws = new CertificationDraws(parsed.GetValue(draws) ?? (parsed.GetValue(programming) is null ? 1 : CrossedDrop.FewestShared))
                {
                    ProgrammingSigma = parsed.GetValue(programming) ?? 0,
                },
                Quantised = parsed.GetValue(quantised),
                AtUpperLimits = parsed.GetValue(upperLimits),
                Modes = parsed.GetValue(modes)
                    ? new ModeLimits(parsed.GetValue(maxLatency) ?? double.PositiveInfinity, parsed.GetValue(maxCells) ?? double.PositiveInfinity)
                    : null,
            };
            return (int)(parsed.GetValue(server) is { } daemon
                ? await PlanLearnRemote.RunAsync(terminal, daemon, options, cancellationToken)
                : PlanLearnLocal.Run(terminal, options, cancellationToken));
        });
        return command;
    }
}
