namespace AnalogHil.Daemon.Records.Noise;

/// <summary>Whether the assumptions behind a calibration hold.</summary>
/// <param name="ConditionNumber">Condition number of the weighted design; 1 is best, above 100 separates poorly.</param>
/// <param name="DitherSteps">Noise before the converter in converter steps; null for an ideal converter.</param>
/// <param name="DitherAccepted">Whether that is enough for repeats to average the converter's step out.</param>
/// <param name="SaturatedShare">Share of reads at the end of the converter's range, a fraction.</param>
/// <param name="VonNeumannRatio">Mean square successive difference over twice the variance: 1 for independent reads, below for drift.</param>
/// <param name="VonNeumannScore">(ratio - 1) in standard deviations under independence.</param>
/// <param name="RepeatedCalls">Device calls repeated after transient faults.</param>
public sealed record DiagnosticsRecord(
    double ConditionNumber,
    double DitherSteps,
    bool DitherAccepted,
    double SaturatedShare,
    double VonNeumannRatio,
    double VonNeumannScore,
    int RepeatedCalls);
