using AnalogHil.Core.Noise;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Certification;
using AnalogHil.Precision.Learning;

namespace AnalogHil.Cli.Plans;

/// <summary>What `hil plan learn` was asked for; null where not given.</summary>
internal sealed record PlanLearnOptions(
    string? Model,
    string? Data,
    string? Calibration,
    ReferenceLaws? Noise,
    string? Profile,
    string? Method,
    Granularity Granularity,
    int? TileRows,
    ReferenceProfile LawProfile,
    double MaxDrop,
    double? Budget,
    int? Steps,
    int? MaxRepeats,
    int? MaxImages,
    ulong Seed,
    int Threads,
    string? Output,
    bool Json)
{
    /// <summary>Noise draws of the certification.</summary>
    public CertificationDraws Draws { get; init; } = new();

    /// <summary>Rule for the ranges of inputs of a network on 8-bit grids; null for the float32 network.</summary>
    public string? Quantised { get; init; }

    /// <summary>Whether measured noise is taken at the upper confidence limits of sigma.</summary>
    public bool AtUpperLimits { get; init; }

    /// <summary>Limits of the choice of redundancy modes; null where none is to be made.</summary>
    public ModeLimits? Modes { get; init; }
}
