namespace AnalogHil.Daemon.Records.Proof;

/// <summary>One layer of the twin check.</summary>
/// <param name="Layer">Node in the model.</param>
/// <param name="VarianceRatio">Noise variance of the device over that of the model, on the same inputs.</param>
/// <param name="Low">Lower 95 % limit.</param>
/// <param name="High">Upper 95 % limit.</param>
/// <param name="N">Output elements compared, an image's again each time that it came.</param>
/// <param name="Holds">Whether the whole interval lies within the allowed limits.</param>
public sealed record TwinRecord(string Layer, double VarianceRatio, double Low, double High, long N, bool Holds)
{
    /// <summary>Rms static error of the device over the rms of its noise; null when not measured.</summary>
    public double? BiasOverNoise { get; init; }
}
