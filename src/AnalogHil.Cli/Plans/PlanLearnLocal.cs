using AnalogHil.Cli.Files;
using AnalogHil.Cli.Signals;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Plans;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.PlanLearning;

namespace AnalogHil.Cli.Plans;

/// <summary>Learning of a plan in this program.</summary>
internal static class PlanLearnLocal
{
    /// <summary>Largest K of a layer under a law, which has no device to limit it.</summary>
    public const int UsualLargestRepeats = 4096;

    /// <summary>Learns; the exit code is the certificate's verdict.</summary>
    /// <exception cref="CliException">Stopped, or input or place of the plan is unusable.</exception>
    public static ExitCode Run(Terminal terminal, PlanLearnOptions options, CancellationToken cancellationToken)
    {
        using var stop = new StopSignal(cancellationToken);
        try
        {
            return Learn(terminal, options, stop.Requested);
        }
        catch (OperationCanceledException stopped)
        {
            throw new CliException(
                ExitCode.Stopped, "stopped on request: no plan was written; the same command with the same --seed learns the same plan", stopped);
        }
    }

    private static ExitCode Learn(Terminal terminal, PlanLearnOptions options, CancellationToken cancellationToken) => PlanCommand.Guarded(() =>
    {
        PlanInputNames names = NamesOf(terminal, options);
        string name = options.Method ?? (names.Record is null ? "ours" : "integer");
        bool shot = names.Laws?.IsShotNoise ?? false;
        MethodChoice method = MethodChoice.Of(name, options.Steps, shot);
        bool corrects = method.TwoRounds is not null || method.TunesWeights;
        if (corrects && options.Granularity == Granularity.Rows)
        {
            throw new CliException(
                ExitCode.Usage,
                $"--method {name} learns energies of layers or channels; "
                    + "leave --granularity rows out, or use --method ours");
        }

        if (corrects && names.Record is not null)
        {
            throw new CliException(
                ExitCode.Usage,
                $"--method {name} learns continuous energies under a law, and a measured device has whole K; use --method integer, hil run --corrected "
                    + "for full scales, gains and offsets on a device, or give a law with --noise");
        }

        string path = Path.GetFullPath(options.Output ?? $"{Path.GetFileNameWithoutExtension(names.Model)}-{name}.plan.json", terminal.CurrentDirectory);
        if (options.Output is null && File.Exists(path))
        {
            throw new CliException(ExitCode.CannotWrite, $"{path} is there already, and the plan would go there; remove it, or name the plan file with --out");
        }

        OutputFile.Require(path);
        PlanInputs inputs = PlanInputs.Read(names, terminal.Time, cancellationToken);
        var progress = new PlanProgressView(terminal);
        string? declaration = TunedModel.Require(method, inputs, path, names.Declarations);
        method = method.TunesWeights ? MethodChoice.Of(name, options.Steps, shot, inputs.NoiseOf) : method;
        (PlanLayout layout, INoiseModel noise) = inputs.For(options.Granularity);
        var task = new PlanTask(inputs.Network, noise, layout, method, inputs.Learning, inputs.Test)
        {
            Target = options.MaxDrop,
            Budget = options.Budget,
            LargestEnergy = inputs.LargestRepeats(options.MaxRepeats, method.WholeRepeats ? UsualLargestRepeats : 1e6),
            MaxImages = options.MaxImages ?? int.MaxValue,
            Draws = options.Draws,
            EnergyUnit = inputs.EnergyUnit,
            QuantisedFrom = inputs.QuantisedFrom,
            Estimates = inputs.Estimates,
            Device = inputs.OnDevice,
            Modes = options.Modes,
            Seed = options.Seed,
            Time = terminal.Time,
            Clips = method.TwoRounds is { } rounds ? inputs.Clips(names.Laws, rounds.Clips) : null,
        };
        if (method.TwoRounds is { Clips.RangeSteps: > 0 } && task.Clips is null)
        {
            throw new CliException(
                ExitCode.Usage,
                $"--method {name} learns full scales, and the noise {names.Laws} has none (thermal or weight noise alone has); use --method corrected, "
                    + "which learns gains and offsets there");
        }

        LearnedPlan learned;
        try
        {
            learned = PlanLearner.Learn(task, progress, cancellationToken);
        }
        finally
        {
            progress.End();
        }

        (string modelFile, string modelSha256) = TunedModel.Save(learned, inputs, path, declaration);
        PlanFile plan = PlanFileBuilder.Of(learned, new PlanSource(
            modelSha256, modelFile, inputs.DataDirectory, inputs.Provenance, new PlanCode("hil", BuildInfo.Version, BuildInfo.Commit))
        {
            LearningDirectory = inputs.LearningDirectory,
        });
        string text = PlanFileJson.Serialize(plan);
        try
        {
            OutputFile.Save(path, text);
        }
        finally
        {
            // Told also where it cannot be saved: it took hours to learn.
            if (options.Json)
            {
                terminal.Output.Write(text);
            }
            else
            {
                PlanView.Write(plan, terminal.CreateConsole());
            }
        }

        if (!options.Json)
        {
            terminal.Output.WriteLine($"plan: {path}");
            if (modelFile != inputs.ModelFile)
            {
                terminal.Output.WriteLine($"model with the tuned weights: {modelFile}");
            }
        }

        return plan.Certificate?.Verdict switch { "ACCEPT" => ExitCode.Accept, "REJECT" => ExitCode.Reject, _ => ExitCode.Inconclusive };
    });

    private static PlanInputNames NamesOf(Terminal terminal, PlanLearnOptions options)
    {
        var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
        string? record = options.Profile is { } given ? Path.GetFullPath(given, terminal.CurrentDirectory) : null;
        CampaignRequest? request = record is null ? null : RecordedNoise.RequestOf(record);
        ReferenceLaws? laws = options.Noise;
        if (record is null && laws is null && !ReferenceLaws.TryParse("thermal:0.01", out laws, out string? problem))
        {
            throw new InvalidOperationException(problem);
        }

        return new PlanInputNames(
            options.Model is null && request is not null ? request.ModelFile : files.Model(options.Model ?? "fashion-resnet"),
            options.Data is null && request is not null ? request.DataDirectory : files.Data(options.Data ?? "fashion-mnist"),
            options.Calibration is { } calibration ? files.Data(calibration) : null,
            files.PreprocessingDirectory,
            laws,
            record,
            options.Threads) { TileRows = options.TileRows, LawProfile = options.LawProfile, AtUpperLimits = options.AtUpperLimits, Quantised = options.Quantised };
    }
}
