using System.Collections.Concurrent;

namespace AnalogHil.Daemon.Hosting.Health;

/// <summary>The standing of every bench that was probed or used.</summary>
internal sealed class BenchEvidence(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, BenchStanding> _standings = new(StringComparer.Ordinal);

    /// <summary>A bench begins or ceases to work. Handlers must not throw.</summary>
    public event Action<BenchStanding>? Changed;

    /// <summary>All standings, by name.</summary>
    public IReadOnlyList<BenchStanding> All => [.. _standings.Values.OrderBy(standing => standing.Bench, StringComparer.Ordinal)];

    /// <summary>The standing of a bench file.</summary>
    public BenchStanding Of(string path) => _standings.GetOrAdd(path, file => new BenchStanding(file, time, standing => Changed?.Invoke(standing)));
}
