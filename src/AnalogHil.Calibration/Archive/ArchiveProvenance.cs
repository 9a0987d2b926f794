using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Archive;

/// <summary>Where reads come from.</summary>
/// <param name="Device">Who answered, with its boot.</param>
/// <param name="FullScale">Spans, rows of a tile and converter steps.</param>
/// <param name="AdcFullScale">End of the converter's range, dot-product units; 0 for an ideal one.</param>
/// <param name="Columns">Columns of a tile.</param>
/// <param name="Tiles">Tiles of the device.</param>
/// <param name="Purpose">Routine that made the reads.</param>
/// <param name="Started">When, by the host's clock.</param>
public sealed record ArchiveProvenance(
    DeviceIdentity Device, DeviceFullScale FullScale, double AdcFullScale, int Columns, int Tiles, string Purpose, DateTimeOffset Started)
{
    /// <summary>Of an open device, now.</summary>
    /// <param name="device">The device.</param>
    /// <param name="purpose">Routine that makes the reads.</param>
    /// <param name="clock">Host clock.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task<ArchiveProvenance> OfAsync(IAnalogDevice device, string purpose, TimeProvider clock, CancellationToken cancellationToken)
    {
        DeviceIdentity identity = await device.IdentifyAsync(cancellationToken).ConfigureAwait(false);
        DeviceCapabilities c = device.Capabilities;
        return new(identity, c.FullScale, c.AdcBits == 0 ? 0 : c.AdcFullScale, c.Columns, c.Tiles, purpose, clock.GetUtcNow());
    }
}
