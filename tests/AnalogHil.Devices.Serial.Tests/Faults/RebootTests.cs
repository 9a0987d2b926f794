using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Guarding;
using AnalogHil.Devices.Serial.Benches;
using AnalogHil.Devices.Serial.Diagnostics;
using AnalogHil.Devices.Serial.Faults;
using AnalogHil.Devices.Serial.Tests.Transport;
using AnalogHil.Devices.Serial.Transport;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Serial.Tests.Faults;

/// <summary>Reboots of the device as a fault of the line.</summary>
public sealed class RebootTests(ITestOutputHelper output)
{
    [Fact]
    public void Reboots_OfOneSeed_ComeAtTheSameFramesAndMoveNoOtherFault()
    {
        (string with, List<int> first) = Sent(LineFaults.MixedWithReboots with { Reboot = 0.02 }, 7);
        Assert.Equal(first, Sent(LineFaults.MixedWithReboots with { Reboot = 0.02 }, 7).Reboots);
        Assert.NotEqual(first, Sent(LineFaults.MixedWithReboots with { Reboot = 0.02 }, 8).Reboots);
        Assert.InRange(first.Count, 10, 80);
        (string without, List<int> none) = Sent(LineFaults.Mixed, 7);
        Assert.Equal(without, with);
        Assert.Empty(none);
        Assert.Equal([31], Sent(new LineFaults { RebootAt = 31 }, 7).Reboots);

        // 2000 frames, each alone on the line: which of them arrive, and after which the device reboots.
        static (string Arrived, List<int> Reboots) Sent(LineFaults faults, ulong seed)
        {
            var direction = new FaultyDirection(faults, seed, 0);
            var arrived = new System.Text.StringBuilder();
            var reboots = new List<int>();
            for (int n = 0; n < 2000; n++)
            {
                direction.Send([0, (byte)n, 1, 2, 3, 0], n * 1_000_000L);
                while (direction.TryTake((n + 1) * 1_000_000L - 1, out byte[] bytes))
                {
                    arrived.Append(Convert.ToHexString(bytes)).Append(' ');
                }

                if (direction.RebootDue)
                {
                    reboots.Add(n);
                    direction.Clear();
                }
            }

            return (arrived.ToString(), reboots);
        }
    }

    [FirmwareFact]
    public async Task LinkTest_OfADeviceThatReboots_SendsWhatWasOpenAgainAndAcceptsNothingWrong()
    {
        LinkTestReport report = await LinkTest.RunAsync(
            await LaunchedAsync(),
            new LinkTestOptions { Baud = 921_600, Bulk = 300, OneWay = 100, Singles = 20, Faults = LineFaults.Mixed with { RebootAt = 150 }, Seed = 4 },
            TimeProvider.System,
            default);

        output.WriteLine($"{report.Injected} faults, {report.Reboots} reboots, {report.Interrupted} commands interrupted, {report.Retransmits} sent again");
        Assert.True(report.Passed);
        Assert.Equal(1, report.Reboots);
        Assert.True(report.Interrupted > 0);
    }

    [FirmwareFact]
    public void Faults_WithRebootsOnALineThatCannotResetItsDevice_AreRefused()
    {
        using var firmware = new FirmwareProcess();
        using ISerialTransport line = TermiosPort.Open(firmware.Port, 921_600);
        ArgumentException refused = Assert.Throws<ArgumentException>(() => new FaultyTransport(line, LineFaults.MixedWithReboots, 1, TimeProvider.System));
        Assert.Contains("cannot be reset from here", refused.Message, StringComparison.Ordinal);
    }

    private static Task<ISerialTransport> LaunchedAsync()
    {
        var bench = new SerialBench(
            FirmwareProcess.ProgramPath, "launched", "", DeviceArchitecture.Crossbar, "", new GuardOptions(), null, 921_600, TimeSpan.FromSeconds(1),
            new LaunchedProgram([FirmwareProcess.ProgramPath, "--seed", "3"], ""));
        return SerialBenchOpening.OpenLineAsync(bench, TimeProvider.System, default);
    }
}
