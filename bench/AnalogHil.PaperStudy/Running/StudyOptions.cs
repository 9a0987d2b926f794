using System.Globalization;

namespace AnalogHil.PaperStudy.Running;

/// <summary>What the command line asks for.</summary>
internal sealed record StudyOptions
{
    public const string Usage = """
        Runs the study of docs/results/paper.md; finished cells are skipped, Ctrl-C keeps them, and the finished trainings of paper-search.

          --cells PATTERN,...   NETWORK[:LAW[:METHOD]], * for all; default all but paper-search, which runs where it is named
          --time-limit MIN      stop after so long; the cell in progress is given up, but for the finished trainings of paper-search
          --paper-minutes MIN   time allowed for one training by the paper's recipe, fewer steps where it would take longer (default 30)
          --threads N           threads of the engine (default: the processors of this machine)
          --out DIR             folder of paper.md, its charts and cells/ (default docs/results)
          --data DIR            folder of shared models and image sets (default ../shared/data beside the repository, or ANALOGHIL_SHARED)
          --equal-accuracy      instead of cells: the energy at which ResNet-50 is as accurate as MobileNetV2 at its drop, where cells of both are there
          --document            only write the document from the cells there are
          --reduced             a small network, few images and steps: checks the machinery, not the figures (default --out: runs/paper-reduced)
        """;

    public required string Root { get; init; }

    public required string Out { get; init; }

    public required string Data { get; init; }

    /// <summary>Patterns; empty for all.</summary>
    public IReadOnlyList<string> Cells { get; init; } = [];

    public TimeSpan? TimeLimit { get; init; }

    public double PaperMinutes { get; init; } = 30;

    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether points of equal accuracy are run in the place of cells.</summary>
    public bool EqualAccuracy { get; init; }

    public bool DocumentOnly { get; init; }

    public bool Reduced { get; init; }

    public StudySettings Settings => (Reduced ? StudySettings.Reduced : new StudySettings()) with { PaperMinutes = PaperMinutes };

    /// <summary>Reads arguments.</summary>
    /// <exception cref="ArgumentException">One is unknown, lacks its value, or has a wrong one.</exception>
    public static StudyOptions Parse(IReadOnlyList<string> arguments, string root)
    {
        string? shared = Environment.GetEnvironmentVariable("ANALOGHIL_SHARED");
        bool reduced = arguments.Contains("--reduced");
        var options = new StudyOptions
        {
            Root = root,
            Out = reduced ? Path.Combine(root, "runs", "paper-reduced") : Path.Combine(root, "docs", "results"),
            Data = string.IsNullOrEmpty(shared) ? Path.GetFullPath(Path.Combine(root, "..", "shared", "data")) : shared,
            Reduced = reduced,
        };
        for (int i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--reduced" => options,
                "--equal-accuracy" => options with { EqualAccuracy = true },
                "--document" => options with { DocumentOnly = true },
                "--cells" => options with { Cells = Value(arguments, ref i).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) },
                "--time-limit" => options with { TimeLimit = TimeSpan.FromMinutes(Number(arguments, ref i)) },
                "--paper-minutes" => options with { PaperMinutes = Number(arguments, ref i) },
                "--threads" => options with { Threads = Math.Max(1, (int)Number(arguments, ref i)) },
                "--out" => options with { Out = Path.GetFullPath(Value(arguments, ref i)) },
                "--data" => options with { Data = Path.GetFullPath(Value(arguments, ref i)) },
                _ => throw new ArgumentException($"unknown argument '{arguments[i]}'\n{Usage}"),
            };
        }

        return options is { EqualAccuracy: true, Cells.Count: > 0 }
            ? throw new ArgumentException($"--equal-accuracy runs no cells; give either it or --cells\n{Usage}")
            : options;
    }

    private static string Value(IReadOnlyList<string> arguments, ref int i) => ++i < arguments.Count
        ? arguments[i]
        : throw new ArgumentException($"{arguments[i - 1]} needs a value\n{Usage}");

    private static double Number(IReadOnlyList<string> arguments, ref int i)
    {
        string name = arguments[i];
        string text = Value(arguments, ref i);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentException($"{name} is '{text}'; give a number above 0");
    }
}
