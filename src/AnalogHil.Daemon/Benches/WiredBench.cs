using System.Collections.Immutable;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Benches;

namespace AnalogHil.Daemon.Benches;

/// <summary>A device behind a serial port as its file describes it.</summary>
internal sealed class WiredBench(SerialBench bench, TimeProvider time) : IBench
{
    /// <inheritdoc/>
    public string Name => bench.Name;

    /// <summary>A program that the bench starts stands in for hardware; what is behind a port counts as hardware.</summary>
    public bool IsSimulated => bench.Launch is not null;

    /// <inheritdoc/>
    public double? ProgrammingError => null;

    /// <inheritdoc/>
    public ImmutableArray<ProfileValue> Values => bench.StaticCosts;

    /// <summary>Long enough to plug a cable in again, and for a controller or an emulator to boot.</summary>
    public TimeSpan RecoveryLimit => TimeSpan.FromSeconds(60);

    /// <summary>Opens the device; its noise is its own, whatever the seed.</summary>
    public async ValueTask<IAnalogDevice> OpenAsync(ulong noiseSeed, CancellationToken cancellationToken) =>
        await SerialBenchOpening.OpenAsync(bench, time, cancellationToken).ConfigureAwait(false);
}
