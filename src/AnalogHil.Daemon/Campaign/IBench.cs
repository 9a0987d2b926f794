using System.Collections.Immutable;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Daemon.Campaign;

/// <summary>A checked bench file, ready to open its device.</summary>
internal interface IBench
{
    /// <summary>Name of the bench.</summary>
    string Name { get; }

    /// <summary>Whether a simulation answers instead of hardware.</summary>
    bool IsSimulated { get; }

    /// <summary>Standard deviation of a programmed weight about its target, weights in [-1, 1]; null for hardware, where it is not known.</summary>
    double? ProgrammingError { get; }

    /// <summary>What bench and profile tell of the device, each with its source; empty where the device alone tells.</summary>
    ImmutableArray<ProfileValue> Values => [];

    /// <summary>How long a campaign waits for a device that was lost in the middle; zero where a lost device cannot come back.</summary>
    TimeSpan RecoveryLimit => TimeSpan.Zero;

    /// <summary>Opens the device; it is safe.</summary>
    /// <param name="noiseSeed">Seed of the noise of a simulated device; hardware brings its own noise.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    ValueTask<IAnalogDevice> OpenAsync(ulong noiseSeed, CancellationToken cancellationToken);
}
