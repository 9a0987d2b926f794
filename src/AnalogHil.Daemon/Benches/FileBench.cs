using System.Collections.Immutable;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Daemon.Benches;

/// <summary>A simulated device as its file describes it.</summary>
internal sealed class FileBench(Bench bench, TimeProvider time) : IBench
{
    /// <inheritdoc/>
    public string Name => bench.Name;

    /// <inheritdoc/>
    public bool IsSimulated => true;

    /// <inheritdoc/>
    public double? ProgrammingError => bench.ProgrammingError;

    /// <inheritdoc/>
    public ImmutableArray<ProfileValue> Values => bench.Values;

    /// <inheritdoc/>
    public ValueTask<IAnalogDevice> OpenAsync(ulong noiseSeed, CancellationToken cancellationToken) =>
        bench.OpenAsync(time, seed: null, noiseSeed, cancellationToken);
}
