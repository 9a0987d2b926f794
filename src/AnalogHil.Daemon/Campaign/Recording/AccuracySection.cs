using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Records.Proof;
using AnalogHil.Precision.Validation;

namespace AnalogHil.Daemon.Campaign.Recording;

/// <summary>The accuracy on the device.</summary>
internal static class AccuracySection
{
    /// <summary>Level of the drop's two-sided limits; each is a one-sided 95 % limit.</summary>
    private const double DropLevel = 0.90;

    /// <summary>What validation found.</summary>
    public static AccuracyRecord Of(ValidationRecord validation)
    {
        long right = (long)Math.Round(validation.NoisyAccuracy * validation.Examples);
        Interval noisy = ProportionInterval.Wilson(right, validation.Examples);
        NonInferiorityResult decision = validation.Decision;
        return new AccuracyRecord(
            validation.Examples,
            100 * validation.CleanAccuracy,
            100 * validation.NoisyAccuracy,
            100 * decision.Drop,
            100 * decision.Limits.Low,
            100 * decision.Limits.High,
            DropLevel,
            validation.Counts.CleanOnly,
            validation.Counts.NoisyOnly,
            validation.Counts.Discordance,
            decision.ExamplesToDecide)
        {
            AccNoisyLow = 100 * noisy.Low,
            AccNoisyHigh = 100 * noisy.High,
            Reads = validation.Counters.Reads,
            SaturatedShare = validation.Counters.SaturatedShare,
        };
    }
}
