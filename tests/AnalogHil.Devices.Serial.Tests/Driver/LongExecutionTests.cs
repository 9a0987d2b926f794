using System.Globalization;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Driver;
using AnalogHil.Devices.Serial.Tests.Transport;
using AnalogHil.Devices.Serial.Transport;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Serial.Tests.Driver;

/// <summary>An execution that takes much longer than the watchdog's time and than the ids that a device keeps results of.</summary>
public sealed class LongExecutionTests(ITestOutputHelper output)
{
    private const int Vectors = 512;
    private const int Rows = 64;
    private const int Columns = 64;
    private const int Repeats = 256;
    private const int Copies = 8;

    [FirmwareFact]
    public async Task Execute_ForManyTimesTheWatchdog_IsKeptAlive()
    {
        // How long the device takes is for this machine to say: a sixth of it is a watchdog that a starved host still feeds in time, whatever its speed.
        (TimeSpan alone, _, _) = await ExecuteAsync(TimeSpan.FromSeconds(60));
        (TimeSpan took, TimeSpan watchdog, DeviceState state) = await ExecuteAsync(alone / 6);

        output.WriteLine(FormattableString.Invariant(
            $"took {alone.TotalSeconds:0.0} s of the device's time, then {took.TotalSeconds:0.0} s under a watchdog of {watchdog.TotalSeconds:0.000} s"));
        Assert.Equal(DeviceState.Armed, state);
        Assert.True(took > 3 * watchdog, "the second execution was much shorter than the first, so that it shows nothing");
    }

    private static async Task<(TimeSpan Took, TimeSpan Watchdog, DeviceState State)> ExecuteAsync(TimeSpan watchdog)
    {
        string milliseconds = Math.Ceiling(watchdog.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        using var firmware = new FirmwareProcess("--watchdog", milliseconds);
        await using SerialDevice device = await SerialDevice.OpenAsync(
            TermiosPort.Open(firmware.Port, 921_600), new SerialDeviceOptions(), TimeProvider.System, default);
        var wanted = new RedundancySettings([new BlockRedundancy(0, RedundancyMode.ReadAndAverage, [Repeats])]);
        await device.ArmAsync(1, default);
        Placement[] copies = [.. Enumerable.Range(0, Copies).Select(tile => new Placement(tile, 0, 0))];
        await device.ProgramAsync([new BlockProgram(0, Rows, Columns, new float[Rows * Columns], [.. copies])], default);
        await device.StageAsync(wanted, default);
        await device.CommitAsync(wanted.Hash(), default);
        TimeSpan before = (await device.ReadTelemetryAsync(default)).Uptime;

        float[] outputs = new float[Vectors * Columns];
        ExecuteReply reply = await device.ExecuteAsync(new ExecuteRequest(0, Vectors, new float[Vectors * Rows], outputs), default);

        DeviceTelemetry after = await device.ReadTelemetryAsync(default);
        Assert.Equal((long)Vectors * Columns * Repeats * Copies, reply.Reads);
        Assert.Equal(ReplyChecksum.Of(outputs), reply.Checksum);
        return (after.Uptime - before, device.Watchdog, after.State);
    }
}
