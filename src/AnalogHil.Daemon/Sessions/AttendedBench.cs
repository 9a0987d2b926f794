using System.Collections.Immutable;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Daemon.Sessions;

/// <summary>A bench whose device, once opened, is known to the daemon: so making safe reaches it whoever uses it.</summary>
internal sealed class AttendedBench(IBench bench, string path, DeviceRoll roll) : IBench
{
    /// <inheritdoc/>
    public string Name => bench.Name;

    /// <inheritdoc/>
    public bool IsSimulated => bench.IsSimulated;

    /// <inheritdoc/>
    public double? ProgrammingError => bench.ProgrammingError;

    /// <inheritdoc/>
    public TimeSpan RecoveryLimit => bench.RecoveryLimit;

    /// <inheritdoc/>
    public ImmutableArray<ProfileValue> Values => bench.Values;

    /// <inheritdoc/>
    public async ValueTask<IAnalogDevice> OpenAsync(ulong noiseSeed, CancellationToken cancellationToken) =>
        await roll.OpenAsync(path, bench, noiseSeed, cancellationToken).ConfigureAwait(false);
}
