using System.Diagnostics;
using System.Globalization;

namespace AnalogHil.Daemon.Tests.Hosting.Load;

/// <summary>Times of calls, for the log of a test; nothing is asserted of them, since they depend on what else the machine does.</summary>
internal sealed class Latency
{
    private readonly List<double> _milliseconds = [];

    /// <summary>Times so many calls, one after the other.</summary>
    /// <param name="count">Number of calls.</param>
    /// <param name="call">What is timed.</param>
    /// <param name="before">What is done before each call, not timed.</param>
    public static async Task<Latency> OfAsync(int count, Func<Task> call, Func<Task>? before = null)
    {
        var latency = new Latency();
        for (int i = 0; i < count; i++)
        {
            await (before?.Invoke() ?? Task.CompletedTask);
            long began = Stopwatch.GetTimestamp();
            await call();
            latency._milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        latency._milliseconds.Sort();
        return latency;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"p50 {At(0.5):0.00} ms, p99 {At(0.99):0.00} ms, largest {_milliseconds[^1]:0.00} ms, n = {_milliseconds.Count}");

    // The smallest time that at least this share of the calls did not exceed.
    private double At(double share) => _milliseconds[Math.Max(0, (int)Math.Ceiling(share * _milliseconds.Count) - 1)];
}
