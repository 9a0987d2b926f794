using System.Collections.Immutable;

namespace AnalogHil.Precision.PlanFiles;

/// <summary>A precision plan as a file that other tools can read (docs/plan-file.md): how much energy each layer of a network gets, what that is predicted and certified to lose, and what it rests on.</summary>
/// <remarks>Names in the file are those of the members in snake_case. Shares, drops and limits are fractions; a limit that is not bounded is null.</remarks>
public sealed record PlanFile
{
    /// <summary>Version of the layout; a reader refuses others.</summary>
    public const string CurrentSchema = "analoghil.plan/1";

    /// <summary>Version of the layout of this plan.</summary>
    public required string Schema { get; init; }

    /// <summary>SHA-256 of the file's own UTF-8 text with this value replaced by 64 zeros, lower-case hex; null where a tool wrote none.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The network.</summary>
    public required PlanModel Model { get; init; }

    /// <summary>The images and how they were shared out.</summary>
    public required PlanData Data { get; init; }

    /// <summary>The noise that was planned against.</summary>
    public required PlanNoise Noise { get; init; }

    /// <summary>Grids that the network was put on before noise was added; null for the float32 network, and where the plan's layers have grids of their own
    /// alone.</summary>
    public PlanGrids? Grids { get; init; }

    /// <summary>How the energies were found, and what that cost.</summary>
    public required PlanMethod Method { get; init; }

    /// <summary>"layer": one energy for each layer; "channel": one for each output channel; "rows": one for each group of rows that is read at once.</summary>
    public required string Granularity { get; init; }

    /// <summary>Energy of the plan, beside the uniform one.</summary>
    public required PlanEnergy Energy { get; init; }

    /// <summary>What the search predicts.</summary>
    public required PlanPrediction Prediction { get; init; }

    /// <summary>What the certification showed; null where none was made.</summary>
    public PlanCertificate? Certificate { get; init; }

    /// <summary>The layers in graph order.</summary>
    public required ImmutableArray<PlanLayer> Layers { get; init; }

    /// <summary>What would help, one sentence each: where more K pays nothing back, and what more reads of the calibration would save.</summary>
    public ImmutableArray<string> Advice { get; init; } = [];

    /// <summary>Every energy tried on the way: accuracy against energy.</summary>
    public ImmutableArray<PlanPoint> Points { get; init; } = [];

    /// <summary>Seeds that the steps drew with.</summary>
    public required PlanSeeds Seeds { get; init; }

    /// <summary>What wrote it.</summary>
    public required PlanCode Code { get; init; }

    /// <summary>What the figures take for granted, one sentence each.</summary>
    public ImmutableArray<string> Assumptions { get; init; } = [];
}
