namespace AnalogHil.Calibration.Tests;

/// <summary>Options for tests that do not ask for the last digit of gain, offset and averaging.</summary>
internal static class QuickOptions
{
    public static CalibrationOptions Create(ulong seed) => new()
    {
        Seed = seed, OffsetReads = 256, GainReads = 1024, AveragingRepeats = [1, 4, 16], AveragingSamples = 4096,
    };
}
