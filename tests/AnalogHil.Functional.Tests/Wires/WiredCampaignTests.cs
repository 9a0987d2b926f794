using System.Globalization;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Proof;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Tests.Transport;
using AnalogHil.V1;
using Google.LongRunning;
using Xunit.Abstractions;

namespace AnalogHil.Functional.Tests.Wires;

/// <summary>Whole campaigns through a terminal to firmware that is pulled, killed and reset in the middle.</summary>
public sealed class WiredCampaignTests(ITestOutputHelper output) : IAsyncLifetime
{
    // Campaigns on this device lost 8.2 to 11.0 points (standard error 1.6): the verdict is ACCEPT whatever noise is drawn and whichever plan is learned, so
    // that it shows only that a campaign ended; the drops are what is compared.
    private const double MaxDrop = 25;
    private const int FewImages = 250;
    private const int ManyImages = 1000;

    private readonly List<LayerRepeats> _chosen = [];
    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [FirmwareFact]
    public async Task Run_DeviceKilledInTheTwinCheckAndUnpluggedInTheValidation_EndsWithTheLearnedPlanAndItsVerdict()
    {
        CampaignRecord record = await RunAsync(
            "lost", FewImages, (CampaignPhase.Twin, firmware => firmware.Restart()), (CampaignPhase.Validate, firmware => firmware.Replug()));

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

    /// <summary>A fault that no host may clear for a person ends the campaign: with the device off, and with what to do told.</summary>
    [FirmwareFact]
    public async Task Run_ProcessorExceptionInTheTwinCheck_EndsSafeWithTheLatchedFaultAndItsRemedy()
    {
        (CampaignEvent last, CampaignRecord record) = await LoseAsync("crashed", FewImages, (CampaignPhase.Twin, firmware => firmware.Crash()));

        output.WriteLine(last.Error.Message);
        Assert.Equal(RecordStatus.Partial, record.Status);
        Assert.Equal("safe, fault Processor latched", record.Bench!.FinalState);
        Assert.Contains("fault Processor is latched", last.Error.Message, StringComparison.Ordinal);
        Assert.Contains("is safe, its drive is off", last.Error.Message, StringComparison.Ordinal);
        Assert.Contains($"hil device clear-fault {Path.Combine(_daemon.Benches, "crashed.json")}", last.Error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not shown to be safe", last.Error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// A campaign that loses its device in every step, once each. A firmware's noise is no replay, so what two campaigns measure differs; what a loss must not
    /// change is compared within the campaign: the plan that was chosen, the settings in force, and each read counted once. Verdicts are compared with
    /// that of an undisturbed campaign, whose target must lie 7 standard errors above its drop: a fair campaign then misses ACCEPT with a probability
    /// of 5E-8 (5.36 standard errors above the limit). With 600 images it lies about 10 above it. The drops themselves differ by at most 5 standard errors of a
    /// difference of two independent draws: with plans of equal drop, three fair campaigns fail with a probability of 2E-6 (5.7E-7 each).
    /// </summary>
    [FirmwareFact]
    [Trait("Category", "Long")]
    public async Task Run_DeviceLostInEveryStep_KeepsItsPlanItsReadsAndTheVerdict()
    {
        CampaignRecord undisturbed = await RunAsync("undisturbed", ManyImages);
        AccuracyRecord accuracy = undisturbed.Validation!;
        double room = (MaxDrop - accuracy.Drop) / StandardError(accuracy);
        Tell("undisturbed", undisturbed);
        output.WriteLine(FormattableString.Invariant($"the target lies {room:0.0} standard errors above the drop"));
        Assert.True(room > 7, "the target leaves too little room for verdicts to be compared");
        Assert.Equal(Core.Statistics.Verdict.Accept, undisturbed.Verdict);
        foreach ((string way, Action<FirmwareProcess> lose) in Ways)
        {
            CampaignRecord record = await RunAsync(way, ManyImages, [.. Steps.Select(phase => (phase, lose))]);
            Tell(way, record);
            string[] returns = [.. record.Warnings.Where(warning => warning.Contains("was taken back", StringComparison.Ordinal))];
            Assert.Equal(Steps.Length, returns.Length);
            Assert.Equal(undisturbed.Verdict, record.Verdict);
            double error = Math.Sqrt(Math.Pow(StandardError(accuracy), 2) + Math.Pow(StandardError(record.Validation!), 2));
            Assert.InRange(record.Validation!.Drop - accuracy.Drop, -5 * error, 5 * error);

            Assert.NotEqual(RedundancySettings.Unrepeated.Hash(), record.Plan!.SettingsHash);

            // Chosen once, before the losses of the later steps; what is in force at the end, and was at every return, is this plan's.
            LayerRepeats plan = Assert.Single(_chosen);
            Assert.Equal(plan.Layers.Select(layer => layer.Repeats), record.Plan.Layers.Select(layer => layer.K));
            Assert.All(
                returns.Where(told => told.Contains("read back as committed", StringComparison.Ordinal)),
                told => Assert.Contains(record.Plan.SettingsHash![..12], told, StringComparison.Ordinal));

            // No image lost or judged twice, and the reads of a validation that was cut off are not among those of the one that counts.
            Assert.Equal(accuracy.M, record.Validation!.M);
            Assert.Equal(ReadsOverPlanned(undisturbed), ReadsOverPlanned(record), 1e-9);
        }
    }

    private static CampaignPhase[] Steps =>
        [CampaignPhase.Calibrate, CampaignPhase.Learn, CampaignPhase.Push, CampaignPhase.Twin, CampaignPhase.Validate];

    private static (string Way, Action<FirmwareProcess> Lose)[] Ways =>
    [
        ("killed", firmware => firmware.Restart()), ("unplugged", firmware => firmware.Replug()), ("reset", firmware => firmware.Reset()),
    ];

    // The interval is two-sided 90 %: a limit lies 1.645 standard errors from the drop.
    private static double StandardError(AccuracyRecord accuracy) => (accuracy.High - accuracy.Drop) / 1.645;

    // Reads of the validation over images x outputs x tile rows x K, which the plan says; a constant of the device's mapping.
    private static double ReadsOverPlanned(CampaignRecord record)
    {
        double planned = record.Plan!.Layers.Sum(layer => (double)layer.Macs / layer.N * Math.Ceiling((double)layer.N / record.Bench!.Rows) * layer.K);
        return record.Validation!.Reads!.Value / (planned * record.Validation.M);
    }

    private void Tell(string name, CampaignRecord record) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: {record.Verdict}, plan {record.Plan!.SettingsHash![..12]}, "
            + $"drop {record.Validation!.Drop:0.00} points ({record.Validation.Low:0.00} to {record.Validation.High:0.00}), "
            + $"{record.Validation.M} images, {record.Validation.Reads} reads, {ReadsOverPlanned(record):0.000000} of those planned, K {PlanOf(record)}"));

    private static string PlanOf(CampaignRecord record) =>
        string.Join(' ', record.Plan!.Layers.Select(layer => layer.K.ToString("0.###", CultureInfo.InvariantCulture)));

    private async Task<CampaignRecord> RunAsync(
        string name, int images, params (CampaignPhase Phase, Action<FirmwareProcess> Lose)[] losses)
    {
        (CampaignEvent last, CampaignRecord record) = await LoseAsync(name, images, losses);
        Assert.True(last.KindCase == CampaignEvent.KindOneofCase.Result, last.Error?.Message);
        return record;
    }

    // Each phase loses the device once, the way its entry says.
    private async Task<(CampaignEvent Last, CampaignRecord Record)> LoseAsync(
        string name, int images, params (CampaignPhase Phase, Action<FirmwareProcess> Lose)[] losses)
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
        request.MaxDropPoints = MaxDrop;
        request.MaxImages = images;
        request.SigmaHalfWidthPercent = 20;
        Operation operation = await _daemon.Campaigns.RunAsync(request);
        var waiting = losses.ToDictionary(loss => loss.Phase, loss => loss.Lose);
        bool away = false;
        DateTimeOffset lostAt = DateTimeOffset.UtcNow;
        _chosen.Clear();
        CampaignEvent last = await _daemon.WaitForAsync(operation, happened =>
        {
            // One loss at a time: a push or a twin check may report its progress before its device is missed.
            away &= happened.Note?.Message.Contains("was taken back", StringComparison.Ordinal) != true;
            if (!away && happened.Progress is { } progress && progress.Done > 0 && waiting.Remove(progress.Phase, out Action<FirmwareProcess>? lose))
            {
                away = true;
                lostAt = DateTimeOffset.UtcNow;
                lose(firmware);
            }

            if (happened.Repeats?.Chosen == true)
            {
                _chosen.Add(happened.Repeats);
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
        Assert.Empty((await new JournalService.JournalServiceClient(_daemon.Invoker).ListUnsettledChangesAsync(new ListUnsettledChangesRequest())).Changes);
        return (last, RecordWriter.Read(request.OutputDirectory));
    }
}
