using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Operations;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;

namespace AnalogHil.Daemon.Sessions;

/// <summary>The device contract's records as messages, and back.</summary>
internal static class DeviceMessages
{
    /// <summary>State on the wire.</summary>
    public static DriveState StateOf(DeviceState state) => state switch
    {
        DeviceState.Safe => DriveState.Safe,
        DeviceState.Armed => DriveState.Armed,
        DeviceState.Faulted => DriveState.Faulted,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "this state has no name on the wire"),
    };

    /// <summary>Mode on the wire.</summary>
    public static RepeatMode ModeOf(RedundancyMode mode) => mode switch
    {
        RedundancyMode.AccumulateThenRead => RepeatMode.AccumulateThenRead,
        RedundancyMode.ReadAndAverage => RepeatMode.ReadAndAverage,
        RedundancyMode.SpatialCopies => RepeatMode.SpatialCopies,
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "this mode has no name on the wire"),
    };

    /// <summary>Mode in time from the wire; null for anything else.</summary>
    public static RedundancyMode? ModeOf(RepeatMode mode) => mode switch
    {
        RepeatMode.AccumulateThenRead => RedundancyMode.AccumulateThenRead,
        RepeatMode.ReadAndAverage => RedundancyMode.ReadAndAverage,
        _ => null,
    };

    /// <summary>Who answers.</summary>
    public static DeviceIdentification ToMessage(this DeviceIdentity identity) =>
        new() { Uid = identity.Uid, Firmware = identity.Firmware, SchemaHash = identity.SchemaHash, BootId = identity.BootId };

    /// <summary>What it declares.</summary>
    public static Capabilities ToMessage(this DeviceCapabilities can)
    {
        var message = new Capabilities
        {
            Rows = can.Rows,
            Columns = can.Columns,
            Tiles = can.Tiles,
            SignedInputs = can.SignedInputs,
            RewritableWeights = can.RewritableWeights,
            DacBits = can.DacBits,
            AdcBits = can.AdcBits,
            AdcFullScale = can.AdcFullScale,
            RepeatsPerColumn = can.RepeatsPerColumn,
            MaxVectors = can.MaxVectors,
            SettlingTime = Duration.FromTimeSpan(can.SettlingTime),
            ReadTimeNanoseconds = can.ReadTimeNanoseconds,
            EnergyPerMacJoules = can.EnergyPerMac,
            EnergyPerAdcConversionJoules = can.EnergyPerAdcConversion,
            EnergyPerDacConversionJoules = can.EnergyPerDacConversion,
        };
        message.PossibleNoise.AddRange(can.PossibleNoise.Select(NoiseTermNames.Of).Order(StringComparer.Ordinal));
        message.Modes.AddRange(can.MaxRepeats.OrderBy(mode => mode.Key).Select(mode => new ModeLimit { Mode = ModeOf(mode.Key), MaxRepeats = mode.Value }));
        return message;
    }

    /// <summary>Its state at a moment.</summary>
    public static V1.Telemetry ToMessage(this DeviceTelemetry telemetry, DateTimeOffset time)
    {
        var message = new V1.Telemetry
        {
            Time = Timestamp.FromDateTimeOffset(time),
            State = StateOf(telemetry.State),
            Uptime = Duration.FromTimeSpan(telemetry.Uptime),
            Reads = telemetry.Reads,
            EnergyJoules = telemetry.Energy,
            ActiveHash = telemetry.ActiveHash,
        };
        if (!double.IsNaN(telemetry.TemperatureCelsius))
        {
            message.TemperatureCelsius = telemetry.TemperatureCelsius;
        }

        return message;
    }

    /// <summary>Settings with their etag.</summary>
    public static Settings ToMessage(this RedundancySettings settings)
    {
        var message = new Settings { Etag = settings.Hash() };
        foreach (BlockRedundancy block in settings.Blocks)
        {
            message.Blocks[block.Block] = new BlockSettings { Mode = ModeOf(block.Mode), Repeats = { block.Repeats.AsEnumerable() } };
        }

        return message;
    }

    /// <summary>Settings from the wire, ascending by block; their modes must have been checked.</summary>
    public static RedundancySettings ToSettings(IEnumerable<KeyValuePair<int, BlockSettings>> blocks) => new(
    [
        .. blocks.OrderBy(block => block.Key).Select(block => new BlockRedundancy(block.Key, ModeOf(block.Value.Mode)!.Value, [.. block.Value.Repeats])),
    ]);
}
