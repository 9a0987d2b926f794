using System.Globalization;
using AnalogHil.Daemon.Records;
using AnalogHil.Devices.Serial.Tests.Transport;
using AnalogHil.V1;
using Google.LongRunning;
using Xunit.Abstractions;

namespace AnalogHil.Functional.Tests.Wires;

/// <summary>Whole campaigns through a terminal to firmware that is pulled, killed and reset in the middle.</summary>
public sealed class WiredCampaignTests(ITestOutputHelper output) : IAsyncLifetime
{
    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [FirmwareFact]
    public async Task Run_DeviceKilledInTheTwinCheckAndUnpluggedInTheValidation_EndsWithTheLearnedPlanAndItsVerdict()
    {
        CampaignRecord record = await RunAsync(
            "lost", (CampaignPhase.Twin, firmware => firmware.Restart()), (CampaignPhase.Validate, firmware => firmware.Replug()));

        string[] returns = [.. record.Warnings.Where(warning => warning.Contains("was taken back", StringComparison.Ordinal))];
        Assert.Contains(returns, told => told.StartsWith("twin check: ", StringComparison.Ordinal)
            && told.Contains("rebooted (boot was", StringComparison.Ordinal) && told.Contains("goes on with push", StringComparison.Ordinal));
        Assert.Contains(returns, told => told.StartsWith("validate: ", StringComparison.Ordinal)
            && told.Contains("still up", StringComparison.Ordinal)
            && told.Contains("settings in force read back as committed", StringComparison.Ordinal)
            && told.Contains("goes on with validate", StringComparison.Ordinal));
        Assert.Equal(Core.Statistics.Verdict.Accept, record.Verdict);
        Assert.Equal("safe", record.Bench!.FinalState);
    }

    [FirmwareFact]
    [Trait("Category", "Long")]
    public async Task Run_DeviceLostInAnyStepInAnyWay_EndsWithTheVerdictOfAnUndisturbedCampaign()
    {
        CampaignRecord undisturbed = await RunAsync("undisturbed");
        string plan = PlanOf(undisturbed);
        foreach (CampaignPhase phase in (CampaignPhase[])[CampaignPhase.Calibrate, CampaignPhase.Learn, CampaignPhase.Twin, CampaignPhase.Validate])
        {
            foreach ((string way, Action<FirmwareProcess> lose) in Ways)
            {
                CampaignRecord record = await RunAsync($"{phase}-{way}", (phase, lose));
                output.WriteLine($"{phase}, {way}: {record.Verdict}, K {PlanOf(record)}; undisturbed {undisturbed.Verdict}, K {plan}");
                Assert.Equal(undisturbed.Verdict, record.Verdict);
                Assert.Contains(record.Warnings, warning => warning.Contains("was taken back", StringComparison.Ordinal));
                Assert.Equal(plan, PlanOf(record));
            }
        }
    }

    private static (string Way, Action<FirmwareProcess> Lose)[] Ways =>
    [
        ("killed", firmware => firmware.Restart()), ("unplugged", firmware => firmware.Replug()), ("reset", firmware => firmware.Reset()),
    ];

    private static string PlanOf(CampaignRecord record) =>
        string.Join(' ', record.Plan!.Layers.Select(layer => layer.K.ToString("0.###", CultureInfo.InvariantCulture)));

    // Each phase loses the device once, the way its entry says.
    private async Task<CampaignRecord> RunAsync(string name, params (CampaignPhase Phase, Action<FirmwareProcess> Lose)[] losses)
    {
        string port = _daemon[$"{name}-port"];
        using var firmware = new FirmwareProcess("--link", port, "--watchdog", "2000", "--truth", "weight-noise=1.6");
        string bench = Path.Combine(_daemon.Benches, $"{name}.json");
        await File.WriteAllTextAsync(
            bench,
            $$"""
            { "driver": "serial", "name": "{{name}}", "description": "firmware as a process", "architecture": "crossbar",
              "serial": { "port": "{{port}}", "baud": 921600, "watchdogMilliseconds": 2000 }, "guard": { "deadlineSeconds": 120 } }
            """);
        RunRequest request = _daemon.Quick(name, bench);
        request.MaxDropPoints = 16;
        request.MaxImages = 250;
        request.SigmaHalfWidthPercent = 20;
        Operation operation = await _daemon.Campaigns.RunAsync(request);
        var waiting = losses.ToDictionary(loss => loss.Phase, loss => loss.Lose);
        DateTimeOffset lostAt = DateTimeOffset.UtcNow;
        CampaignEvent last = await _daemon.WaitForAsync(operation, happened =>
        {
            if (happened.Progress is { } progress && progress.Done > 0 && waiting.Remove(progress.Phase, out Action<FirmwareProcess>? lose))
            {
                lostAt = DateTimeOffset.UtcNow;
                lose(firmware);
            }

            if (happened.Note?.Warning == true)
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{(happened.Time.ToDateTimeOffset() - lostAt).TotalMilliseconds:0} ms after the loss: "
                        + $"{happened.Note.Message}"));
            }

            return false;
        });

        Assert.Empty(waiting);
        Assert.True(last.KindCase == CampaignEvent.KindOneofCase.Result, last.Error?.Message);
        return RecordWriter.Read(request.OutputDirectory);
    }
}
