namespace AnalogHil.Daemon.Records.Proof;

/// <summary>Accuracy on the device against the float32 network on the same examples.</summary>
/// <param name="M">Examples.</param>
/// <param name="AccClean">Accuracy of the float32 network, percent.</param>
/// <param name="AccNoisy">Accuracy on the device, percent.</param>
/// <param name="Drop">AccClean - AccNoisy, percentage points.</param>
/// <param name="Low">Lower limit of the drop: Tango's score interval at <paramref name="Level"/>, or the exact one where that is wider and no image was gained; percentage points.</param>
/// <param name="High">Upper limit of the drop.</param>
/// <param name="Level">Two-sided level of the limits, a fraction; 0.90 makes each of them a one-sided 95 % limit.</param>
/// <param name="CleanOnly">Examples that only the float32 network gets right.</param>
/// <param name="NoisyOnly">Examples that only the device gets right.</param>
/// <param name="Psi">Share of examples on which the two disagree, a fraction.</param>
/// <param name="ExamplesToDecide">Examples that would decide at this drop and disagreement; null when decided, or when none would.</param>
public sealed record AccuracyRecord(
    long M,
    double AccClean,
    double AccNoisy,
    double Drop,
    double Low,
    double High,
    double Level,
    long CleanOnly,
    long NoisyOnly,
    double Psi,
    long? ExamplesToDecide)
{
    /// <summary>Unit where a record names none.</summary>
    public const string UsualUnit = "percent of examples";

    /// <summary>Unit of accuracies, drop and limits.</summary>
    public string Unit { get; init; } = UsualUnit;

    /// <summary>Lower 95 % limit of <see cref="AccNoisy"/> (Wilson), percent; null when not computed.</summary>
    public double? AccNoisyLow { get; init; }

    /// <summary>Upper 95 % limit of <see cref="AccNoisy"/> (Wilson), percent; null when not computed.</summary>
    public double? AccNoisyHigh { get; init; }

    /// <summary>Reads the device made for it; null when not counted.</summary>
    public long? Reads { get; init; }

    /// <summary>Share of those at the end of the converter's range, a fraction; null when not counted.</summary>
    public double? SaturatedShare { get; init; }
}
