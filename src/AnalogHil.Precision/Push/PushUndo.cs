using AnalogHil.Devices.Contract;

namespace AnalogHil.Precision.Push;

/// <summary>Brings a device back to the settings that were in force before a push. What fails on the way is left to the message of the push's own failure.</summary>
internal static class PushUndo
{
    /// <summary>Rolls back unless the settings before are still in force: then it would undo the commit before the push.</summary>
    /// <param name="device">The device.</param>
    /// <param name="beforeHash">Hash of the settings in force before the push.</param>
    /// <param name="committed">Whether the device has confirmed the commit.</param>
    /// <returns>Whether the device says that the settings before are in force.</returns>
    public static async ValueTask<bool> RunAsync(IAnalogDevice device, string beforeHash, bool committed)
    {
        string? active = await ActiveHashAsync(device).ConfigureAwait(false);
        if (active == beforeHash)
        {
            return true;
        }

        // Nothing known about the commit and nothing about what is in force: a blind step back could go one too far.
        if (active is null && !committed)
        {
            return false;
        }

        try
        {
            await device.RollBackAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (DeviceException)
        {
            // Told by the hash below.
        }

        return await ActiveHashAsync(device).ConfigureAwait(false) == beforeHash;
    }

    /// <summary>What came of it, for a person.</summary>
    public static string Outcome(bool restored) => restored
        ? "The settings before the push are in force; check the link and the firmware, then push again"
        : "It could not be brought back to the settings before the push; make it safe, program it again and check its firmware";

    private static async ValueTask<string?> ActiveHashAsync(IAnalogDevice device)
    {
        try
        {
            return (await device.ReadTelemetryAsync(CancellationToken.None).ConfigureAwait(false)).ActiveHash;
        }
        catch (DeviceException)
        {
            return null;
        }
    }
}
