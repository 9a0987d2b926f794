using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Precision.Search;

namespace AnalogHil.Precision;

/// <summary>Reports the progress of one phase with the time that is left if it goes on as it went.</summary>
internal sealed class PhaseClock(TimeProvider time, PrecisionPhase phase, IProgress<PrecisionProgress>? progress)
{
    // Below this share the pace says nothing yet.
    private const double LeastShare = 0.02;

    private readonly long _started = time.GetTimestamp();

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>One point of a search.</summary>
    public void Report(double fraction, string name, SearchPoint point) => Report(
        fraction,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {point.Energy:0.00} repeats per MAC lose {100 * point.Drop:0.00} +- {196 * point.StandardError:0.00} points ({point.Images} images, {point.Seeds} draws)"),
        point.Repeats);

    public void Report(double fraction, string message, ImmutableArray<double> repeats)
    {
        if (progress is null)
        {
            return;
        }

        TimeSpan? remaining = fraction >= LeastShare ? Elapsed * ((1 - fraction) / fraction) : null;
        progress.Report(new PrecisionProgress(phase, Math.Clamp(fraction, 0, 1), message, remaining, repeats));
    }
}
