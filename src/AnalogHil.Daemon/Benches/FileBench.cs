using AnalogHil.Daemon.Campaign;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Daemon.Benches;

/// <summary>A bench as its file describes it.</summary>
internal sealed class FileBench(Bench bench, TimeProvider time) : IBench
{
    /// <inheritdoc/>
    public string Name => bench.Name;

    /// <inheritdoc/>
    public bool IsSimulated => true;

    /// <inheritdoc/>
    public ValueTask<IAnalogDevice> OpenAsync(CancellationToken cancellationToken) => bench.OpenAsync(time, seed: null, cancellationToken);
}
