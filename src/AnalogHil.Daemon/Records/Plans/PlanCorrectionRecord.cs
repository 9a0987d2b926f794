namespace AnalogHil.Daemon.Records.Plans;

/// <summary>Digital correction behind the converters, out = gain x product + bias + offset for each output channel; the values are in
/// checkpoints/learn.json.</summary>
/// <param name="Channels">Channels that have one.</param>
/// <param name="GainLow">Smallest gain.</param>
/// <param name="GainHigh">Largest gain.</param>
public sealed record PlanCorrectionRecord(int Channels, double GainLow, double GainHigh);
