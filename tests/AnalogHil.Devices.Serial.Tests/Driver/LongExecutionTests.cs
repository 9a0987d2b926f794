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
    [FirmwareFact]
    public async Task Execute_ForManyTimesTheWatchdog_IsKeptAlive()
    {
        const int Vectors = 512, Columns = 64, Repeats = 256, Copies = 8;
        using var firmware = new FirmwareProcess("--watchdog", "120");
        await using SerialDevice device = await SerialDevice.OpenAsync(
            TermiosPort.Open(firmware.Port, 921_600), new SerialDeviceOptions(), TimeProvider.System, default);
        var wanted = new RedundancySettings([new BlockRedundancy(0, RedundancyMode.ReadAndAverage, [Repeats])]);
        await device.ArmAsync(1, default);
        Placement[] copies = [.. Enumerable.Range(0, Copies).Select(tile => new Placement(tile, 0, 0))];
        await device.ProgramAsync([new BlockProgram(0, 1, Columns, new float[Columns], [.. copies])], default);
        await device.StageAsync(wanted, default);
        await device.CommitAsync(wanted.Hash(), default);
        TimeSpan before = (await device.ReadTelemetryAsync(default)).Uptime;

        float[] outputs = new float[Vectors * Columns];
        ExecuteReply reply = await device.ExecuteAsync(new ExecuteRequest(0, Vectors, new float[Vectors], outputs), default);

        DeviceTelemetry after = await device.ReadTelemetryAsync(default);
        output.WriteLine(FormattableString.Invariant(
            $"{reply.Reads} reads took {(after.Uptime - before).TotalSeconds:0.0} s of the device's time, its watchdog is {device.Watchdog.TotalSeconds} s"));
        Assert.Equal((long)Vectors * Columns * Repeats * Copies, reply.Reads);
        Assert.Equal(ReplyChecksum.Of(outputs), reply.Checksum);
        Assert.Equal(DeviceState.Armed, after.State);
        Assert.True(after.Uptime - before > 4 * device.Watchdog, "the machine is too fast for this test: shorten the watchdog");
    }
}
