using System.Collections.Immutable;

namespace AnalogHil.Daemon.Records.Noise;

/// <summary>The measured noise of the device.</summary>
public sealed record CalibrationRecord
{
    /// <summary>Unit of the averaging points where a record names none.</summary>
    public const string UsualAveragingUnit = "dot-product units squared";

    /// <summary>Confidence level where a record names none.</summary>
    public const double UsualLevel = 0.95;

    /// <summary>One entry per noise term that the architecture can have.</summary>
    public required ImmutableArray<SigmaRecord> Sigmas { get; init; }

    /// <summary>Variance of the mean of K reads, ascending K.</summary>
    public ImmutableArray<AveragingRecord> Averaging { get; init; } = [];

    /// <summary>Unit of the variances in <see cref="Averaging"/> and <see cref="AveragingFit"/>.</summary>
    public string AveragingUnit { get; init; } = UsualAveragingUnit;

    /// <summary>The law through those points; null when it was not measured.</summary>
    public AveragingFitRecord? AveragingFit { get; init; }

    /// <summary>All reads made, the K reads of an execution counted one by one.</summary>
    public required long Reads { get; init; }

    /// <summary>Confidence level of every interval here, a fraction.</summary>
    public double Level { get; init; } = UsualLevel;

    /// <summary>Every sigma at every look of the sequential estimation: how the intervals tightened.</summary>
    public ImmutableArray<SigmaHistoryRecord> History { get; init; } = [];

    /// <summary>Whether the assumptions behind the figures hold; null when not examined.</summary>
    public DiagnosticsRecord? Diagnostics { get; init; }
}
