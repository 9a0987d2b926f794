using AnalogHil.Devices.Contract;

namespace AnalogHil.Daemon.Campaign;

/// <summary>A checked bench file, ready to open its device.</summary>
internal interface IBench
{
    /// <summary>Name of the bench.</summary>
    string Name { get; }

    /// <summary>Whether a simulation answers instead of hardware.</summary>
    bool IsSimulated { get; }

    /// <summary>Opens the device; it is safe.</summary>
    ValueTask<IAnalogDevice> OpenAsync(CancellationToken cancellationToken);
}
