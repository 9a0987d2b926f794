using System.CommandLine;
using System.Globalization;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Files;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Evaluation;

namespace AnalogHil.Cli.Models;

/// <summary>Options of the commands that judge a network on this machine: which images, how they become its inputs, and what the noise is drawn from.</summary>
internal sealed class EvaluationOptions
{
    private readonly Argument<string> _file = ModelCommand.File();

    private readonly Option<string> _data = new("--data", "-d")
    {
        Description = "Image set that comes with the program, or directory of IDX, CIFAR-10, NumPy or picture files, or of token arrays for text models",
        HelpName = "NAME|DIR",
        Required = true,
    };

    private readonly Option<string> _split = new("--split")
    {
        Description = "Images to judge: test, or calib (training images, not for reported accuracies)",
        HelpName = "NAME",
        DefaultValueFactory = _ => SplitNames.Test,
    };

    private readonly Option<int?> _limit;

    private readonly Option<string?> _preprocessing = new("--preprocessing")
    {
        Description = "Declaration of preprocessing, or name of one that comes with the program [default: NAME.preprocess.json beside the model; else the one that comes with the program and names the model's SHA-256]",
        HelpName = "FILE",
    };

    private readonly Option<ulong?> _seed = new("--seed", "-s")
    {
        Description = "Seed of the noise; the same seed gives the same result on any number of threads [default: 1]",
        HelpName = "N",
        CustomParser = Numbers.Natural($"must be a whole number in 0 .. {ulong.MaxValue}; leave it out for 1"),
    };

    private readonly Option<int?> _threads = new("--threads", "-t")
    {
        Description = "Threads [default: the processors of this machine]",
        HelpName = "N",
        CustomParser = Numbers.Count(1, "must be a whole number, at least 1; leave it out for all processors"),
    };

    private readonly Option<string?> _calibration;
    private readonly int? _usualLimit;

    /// <param name="observed">What ranges are observed for and on; begins the help of --calibration.</param>
    /// <param name="usualLimit">Images that are judged when none are asked for; null for all.</param>
    public EvaluationOptions(string observed, int? usualLimit = null)
    {
        _usualLimit = usualLimit;
        string usual = usualLimit is { } few ? few.ToString("0", CultureInfo.InvariantCulture) : "all";
        _limit = new("--limit", "-n")
        {
            Description = $"Judge the first N images only [default: {usual}]",
            HelpName = "N",
            CustomParser = Numbers.Count(1, $"must be a whole number, at least 1; leave it out for {(usualLimit is null ? "all images" : usual)}"),
        };
        _calibration = new("--calibration") { Description = $"{observed} [default: calibration split of --data]", HelpName = "NAME|DIR" };
        _split.AcceptOnlyFromAmong(SplitNames.Test, SplitNames.Calibration);
    }

    /// <summary>Adds the model and the options to a command, before those of its own.</summary>
    public void AddTo(Command command, params Option[] own)
    {
        command.Add(_file);
        foreach (Option option in (Option[])[_data, _split, _limit, _preprocessing, _calibration, _seed, _threads, .. own])
        {
            command.Add(option);
        }
    }

    /// <summary>What was asked for, with every path absolute.</summary>
    /// <exception cref="CliException">A file is not there.</exception>
    public EvaluationRequest Read(ParseResult parsed, Terminal terminal)
    {
        var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
        string path = files.Model(parsed.GetRequiredValue(_file));
        string? declared = parsed.GetValue(_preprocessing) is { } given ? files.Preprocessing(given) : null;
        return new EvaluationRequest(
            path,
            files.Data(parsed.GetRequiredValue(_data)),
            network => declared is null ? Preprocessing.ForModel(path, network.Sha256, files.PreprocessingDirectory) : Preprocessing.Load(declared))
        {
            Split = parsed.GetValue(_split) == SplitNames.Calibration ? ImageSplit.Calibration : ImageSplit.Test,
            Limit = parsed.GetValue(_limit) ?? _usualLimit ?? int.MaxValue,
            Seed = parsed.GetValue(_seed) ?? 1,
            Threads = parsed.GetValue(_threads) ?? Environment.ProcessorCount,
            CalibrationDirectory = parsed.GetValue(_calibration) is { } directory ? files.Data(directory) : null,
        };
    }
}
