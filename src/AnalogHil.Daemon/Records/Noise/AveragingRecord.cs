namespace AnalogHil.Daemon.Records.Noise;

/// <summary>Variance of the mean of K reads.</summary>
/// <param name="K">Repeats.</param>
/// <param name="Variance">In the calibration's averaging unit.</param>
/// <param name="Low">Lower limit.</param>
/// <param name="High">Upper limit.</param>
/// <param name="N">Samples of the mean.</param>
public sealed record AveragingRecord(int K, double Variance, double Low, double High, long N);
