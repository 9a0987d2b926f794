using System.Diagnostics;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Diagnostics;
using AnalogHil.Devices.Serial.Driver;
using AnalogHil.Devices.Serial.Faults;
using AnalogHil.Devices.Serial.Tests.Transport;
using AnalogHil.Devices.Serial.Transport;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Serial.Tests.Faults;

/// <summary>Faults between the host and the real firmware.</summary>
public sealed class FaultyLineTests(ITestOutputHelper output)
{
    [Fact]
    public void Frames_OfOneSeed_MeetTheSameFaultsAgain()
    {
        List<string> first = Sent(7);
        Assert.Equal(first, Sent(7));
        Assert.NotEqual(first, Sent(8));

        static List<string> Sent(ulong seed)
        {
            var direction = new FaultyDirection(LineFaults.Mixed with { Loss = 0.1 }, seed, 0);
            var arrived = new List<string>();
            for (int n = 0; n < 2000; n++)
            {
                direction.Send([0, (byte)n, 1, 2, 3, 0], n * 100L);
                while (direction.TryTake(n * 100L, out byte[] bytes))
                {
                    arrived.Add($"{n}: {Convert.ToHexString(bytes)}");
                }
            }

            Assert.True(direction.Faults > 300);
            return arrived;
        }
    }

    [FirmwareFact]
    public async Task LinkTest_OfAGoodLine_FindsNothingWrong()
    {
        using var firmware = new FirmwareProcess();
        LinkTestReport report = await LinkTest.RunAsync(
            TermiosPort.Open(firmware.Port, 921_600), new LinkTestOptions { Baud = 921_600, Bulk = 500, Singles = 100 }, TimeProvider.System, default);
        Assert.True(report.Passed);
        Assert.Equal((0, 0, 0), (report.Damaged, report.WrongBits, report.Injected));
        Assert.Equal(100, report.RoundTrips.Count);
        Assert.True(report.RoundTrip(0.5) <= report.RoundTrip(0.99));
        output.WriteLine($"{report.BytesPerSecond / 1e3:f0} kB/s each way, round trip {report.RoundTrip(0.5):f0} us, 99 % {report.RoundTrip(0.99):f0} us");
    }

    [FirmwareTheory]
    [InlineData(7ul)]
    [InlineData(8ul)]
    public async Task LinkTest_OfABadLine_LosesNothingAndAcceptsNothingWrong(ulong seed)
    {
        using var firmware = new FirmwareProcess();
        LinkTestReport report = await LinkTest.RunAsync(
            TermiosPort.Open(firmware.Port, 921_600),
            new LinkTestOptions { Baud = 921_600, Bulk = 400, Singles = 50, Faults = LineFaults.Mixed, Seed = seed },
            TimeProvider.System,
            default);
        output.WriteLine($"seed {seed}: {report.Injected} faults, {report.Damaged} frames damaged, {report.Retransmits} sent again, "
            + $"{report.WrongBits} of {report.Bits} bits wrong");
        Assert.True(report.Passed);
        Assert.True(report.Injected > 20);
        Assert.True(report.Damaged > 0);
        Assert.True(report.Retransmits > 0);
    }

    [FirmwareFact]
    public async Task LinkTest_OfALineThatIsUnplugged_SaysSo()
    {
        using var firmware = new FirmwareProcess();
        DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => LinkTest.RunAsync(
            TermiosPort.Open(firmware.Port, 921_600),
            new LinkTestOptions { Baud = 921_600, Faults = new LineFaults { UnplugAt = 200 } },
            TimeProvider.System,
            default));
        Assert.Equal(DeviceFault.Disconnected, error.Fault);
    }

    [FirmwareFact]
    public async Task Unplugging_InTheMiddleOfReads_IsNoticedAndReconciledByHash()
    {
        RedundancySettings wanted = new([new BlockRedundancy(0, RedundancyMode.ReadAndAverage, [3])]);
        using var firmware = new FirmwareProcess("--watchdog", "5000");
        await using (SerialDevice device = await OpenAsync(firmware))
        {
            await PutInForceAsync(device, wanted);
            Assert.Equal(16 * 4 * 3, (await ReadAsync(device)).Reads);
            firmware.Kill();
            long begin = Stopwatch.GetTimestamp();
            DeviceException error = await Assert.ThrowsAsync<DeviceException>(() => ReadAsync(device));
            output.WriteLine($"noticed {Stopwatch.GetElapsedTime(begin).TotalMilliseconds:f1} ms after the cut");
            Assert.Equal(DeviceFault.Disconnected, error.Fault);
        }

        using var again = new FirmwareProcess("--watchdog", "5000");
        await using SerialDevice back = await OpenAsync(again);
        Assert.Equal(RedundancySettings.Unrepeated.Hash(), (await back.ReadTelemetryAsync(default)).ActiveHash);
        await PutInForceAsync(back, wanted);
        Assert.Equal(wanted.Hash(), (await back.ReadTelemetryAsync(default)).ActiveHash);
        Assert.Equal(16 * 4 * 3, (await ReadAsync(back)).Reads);
    }

    private static Task<SerialDevice> OpenAsync(FirmwareProcess firmware) =>
        SerialDevice.OpenAsync(TermiosPort.Open(firmware.Port, 921_600), new SerialDeviceOptions(), TimeProvider.System, default);

    private static async Task PutInForceAsync(SerialDevice device, RedundancySettings settings)
    {
        float[] weights = [.. Enumerable.Repeat(0.5f, 6 * 4)];
        await device.ArmAsync(1, default);
        await device.ProgramAsync([new BlockProgram(0, 6, 4, weights, [default])], default);
        await device.StageAsync(settings, default);
        await device.CommitAsync(settings.Hash(), default);
    }

    private static async Task<ExecuteReply> ReadAsync(SerialDevice device) =>
        await device.ExecuteAsync(new ExecuteRequest(0, 16, new float[16 * 6], new float[16 * 4]), default);
}
