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
    public string? SourceOf(string quantity) =>
        bench.Values.FirstOrDefault(value => value.Name == quantity) is { } value ? $"{value.Class}: {value.Source}" : null;

    /// <inheritdoc/>
    public ValueTask<IAnalogDevice> OpenAsync(ulong noiseSeed, CancellationToken cancellationToken) =>
        bench.OpenAsync(time, seed: null, noiseSeed, cancellationToken);
}
