using System.Diagnostics.Metrics;
using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Calibrations.Drift;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Scheduling;
using AnalogHil.Daemon.Telemetry;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Daemon.Tests.Scheduling;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Leases;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.V1;
using Google.LongRunning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace AnalogHil.Daemon.Tests.Calibrations;

/// <summary>
/// What a scheduled drift watch comes to. The device is simulated and drifts by another read noise; the clock is moved by hand, so that every figure here is
/// the same each time.
/// </summary>
public sealed class DriftWatchKeeperTests : IDisposable
{
    private static readonly DateTimeOffset Due = CronExpressionTests.At("2026-03-01T12:00Z");
    private readonly ITestOutputHelper _output;
    private readonly SmallBench _bench = new(quieter: 15);
    private readonly FakeTime _time = new();
    private readonly LedgerStore _ledger;
    private readonly CalibrationShelf _shelf;
    private readonly OperationLedger _operations;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Dictionary<string, double> _metrics = [];
    private readonly MeterListener _listener = new();
    private readonly List<DriftStatus> _told = [];

    public DriftWatchKeeperTests(ITestOutputHelper output)
    {
        _output = output;
        _ledger = LedgerStore.Open(new LedgerOptions { Directory = _bench["ledger"], Time = _time });
        _shelf = new CalibrationShelf(_ledger.Calibrations);
        _operations = new OperationLedger(_time, 10, _ledger.Operations);

        // A listener hears every meter of the process: those of tests that run beside this one are left out.
        IMeterFactory own = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, own))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            _metrics[instrument.Name] = _metrics.GetValueOrDefault(instrument.Name) + value);
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => _metrics[instrument.Name] = value);
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
        _ledger.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task RunAsync_NothingMoved_CountsItsProbesAndStartsNothing()
    {
        await CalibratedAsync();

        // One false alarm in 1,000 probes: three raise one in 0.3 %.
        string said = await RunAsync(Watch(probes: 3));

        Assert.Contains("no drift", said, StringComparison.Ordinal);
        Assert.Empty(_operations.All);
        Assert.Equal((3.0, 0.0, 0.0), (_metrics["analoghil.drift.probes"], _metrics["analoghil.drift.alarms"], _metrics["analoghil.bench.degraded"]));
        Assert.DoesNotContain(_ledger.Audit.List(), entry => entry.Action.StartsWith("drift.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_OneProbeATimeOverRestarts_GathersEvidenceUntilItAlarms()
    {
        CalibrationDocument before = await CalibratedAsync();
        _bench.Write(2.12);
        string said = "";
        int times = 0;
        while (!said.Contains("is in use", StringComparison.Ordinal))
        {
            // Each time a keeper that knows nothing but what is on the disk.
            Assert.True(++times <= 40, $"no alarm after {times} probes of a device whose read noise rose by 6 %");
            _time.Advance(TimeSpan.FromMinutes(5));
            said = await RunAsync(Watch(probes: 1));
        }

        _output.WriteLine($"alarm after {times} probes: {said}");
        Assert.True(times > 1, "one probe alone is no evidence for 6 %");
        Assert.NotEqual(before.Id, _shelf.ActiveOf(before.Device.Uid)!.Id);
    }

    [Fact]
    public async Task RunAsync_OneProbeATimeWithoutWhatWasKept_NeverGathersEnough()
    {
        await CalibratedAsync();
        _bench.Write(2.12);
        for (int i = 0; i < 6; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            Assert.Contains("no drift", await RunAsync(Watch(probes: 1), $"state{i}"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RunAsync_NoiseRoseWithoutACampaign_IsRecalibratedOnlyAndAudited()
    {
        CalibrationDocument before = await CalibratedAsync();
        _bench.Write(2.6);

        string said = await RunAsync(Watch(probes: 20));

        _output.WriteLine(said);
        CalibrationDocument renewed = _shelf.ActiveOf(before.Device.Uid)!;
        Assert.NotEqual(before.Id, renewed.Id);
        Operation operation = Assert.Single(_operations.All).ToMessage();
        Assert.Equal("drift", operation.Metadata.Unpack<OperationMetadata>().Kind);
        Assert.Equal(renewed.Id, operation.Response.Unpack<CalibrateResponse>().Calibration.Name);
        Assert.Equal(
            ["drift.alarm", "calibration.add", "calibration.activate", "drift.renew"],
            _ledger.Audit.List().Where(entry => entry.Actor == "schedule watch").Select(entry => entry.Action));
        Assert.Equal(1, _metrics["analoghil.drift.alarms"]);
        Assert.Equal([true, false], _told.Select(status => status.Alarm));
        Assert.Equal(_metrics["analoghil.drift.probes"], _told[^1].Probes);
        Assert.Empty(Directory.EnumerateFiles(_bench["renewed"], DriftRecord.Name, SearchOption.AllDirectories));
    }

    [Fact]
    public async Task RunAsync_ThePlanStillHolds_IsCertifiedAnewUnderTheRenewedNoise()
    {
        DriftRecord record = await DriftedAsync(dropPoints: 60, 16, 16);

        Assert.Equal((ReallocationOutcome.Holds, Core.Statistics.Verdict.Accept, null), (record.Outcome, record.Verdict, record.PlanFile));
        Assert.True(record.Limits.High < record.TargetDrop);
        Assert.Contains(_ledger.Audit.List(), entry => entry.Action == "drift.certify" && entry.Detail == record.Reason);
        Assert.NotNull(Assert.Single(_operations.All).ToMessage().Response);
    }

    [Theory]
    [InlineData(27)]
    [InlineData(29)]
    public async Task RunAsync_AnotherAllocationWithinTheOldEnergyIsAccepted_IsWrittenAsPlanWithItsCertificate(double points)
    {
        // An allocation is chosen so that it is accepted in nine of ten; with these seeds it is.
        DriftRecord record = await DriftedAsync(points, 16, 1);

        Assert.Equal((ReallocationOutcome.Reallocated, Core.Statistics.Verdict.Accept), (record.Outcome, record.Verdict));
        double budget = (16.0 * SmallCampaign.Macs[0] + SmallCampaign.Macs[1]) / SmallCampaign.Macs.Sum();
        Assert.Equal(budget, record.BudgetReadsPerMac, 1e-9);
        PlanFile plan = PlanFileJson.Read(Directory.EnumerateFiles(_bench["renewed"], DriftReallocation.PlanName, SearchOption.AllDirectories).Single());
        Assert.InRange(plan.Energy.PerMac, 1, budget);
        Assert.True(plan.Layers[1].Repeats!.Value[0] > 1, "the layer that was read once is the one that noise costs most in");
        Assert.Equal("ACCEPT", plan.Certificate!.Verdict);
        Assert.Contains(_ledger.Audit.List(), entry => entry.Action == "drift.reallocate");
        Assert.Equal(0, _metrics["analoghil.bench.degraded"]);
    }

    [Fact]
    public async Task RunAsync_NoAllocationOfTheOldEnergyIsAccepted_IsDegradedUntilANewCalibrationShowsOtherwise()
    {
        DriftRecord record = await DriftedAsync(dropPoints: 2, 1, 1);

        Assert.Equal(ReallocationOutcome.Degraded, record.Outcome);
        Assert.NotEqual(Core.Statistics.Verdict.Accept, record.Verdict);
        Google.Rpc.Status failed = Assert.Single(_operations.All).ToMessage().Error;
        Assert.Equal(ErrorReason.PlanDoesNotFit, ErrorStatus.ReasonOf(failed));
        Assert.Contains("degraded", failed.Message, StringComparison.Ordinal);
        Assert.Contains(_ledger.Audit.List(), entry => entry.Action == "drift.degrade");
        Assert.Equal(1, _metrics["analoghil.bench.degraded"]);

        // After a restart it is still so, and said with every quiet probe.
        _metrics.Clear();
        string quiet = await RunAsync(Watch(1, _bench["record"]));
        Assert.Contains("no drift", quiet, StringComparison.Ordinal);
        Assert.Contains("degraded", quiet, StringComparison.Ordinal);
        Assert.Equal(1, _metrics["analoghil.bench.degraded"]);
        Assert.Single(_operations.All);

        // Under another calibration the plan is looked at again.
        _time.Advance(TimeSpan.FromHours(1));
        await CalibratedAsync("whole", 77);
        CampaignException still = await Assert.ThrowsAsync<CampaignException>(() => RunAsync(Watch(1, _bench["record"])));
        Assert.Equal(ErrorReason.PlanDoesNotFit, still.Reason);
        Assert.Contains("degraded", still.Message, StringComparison.Ordinal);
        Assert.Equal(2, _operations.All.Count);
    }

    [Fact]
    public async Task RunAsync_ThePlanCannotBeLookedAtAfterTheRenewal_FailsAndIsLookedAtByTheNextProbe()
    {
        CalibrationDocument before = await CalibratedAsync();
        _bench.Write(2.6);
        SmallCampaign.Write(_bench["record"], _bench.File_, before, 60, 16, 16);
        Directory.Move(_bench["record"], _bench["away"]);

        await Assert.ThrowsAsync<CampaignException>(() => RunAsync(Watch(20, _bench["record"])));
        Assert.NotEqual(before.Id, _shelf.ActiveOf(before.Device.Uid)!.Id);
        Assert.NotNull(Assert.Single(_operations.All).ToMessage().Error);

        // It stays owed while it cannot be looked at, over restarts of the daemon; then it is looked at once.
        _time.Advance(TimeSpan.FromMinutes(5));
        await Assert.ThrowsAsync<CampaignException>(() => RunAsync(Watch(1, _bench["record"])));
        Directory.Move(_bench["away"], _bench["record"]);
        _time.Advance(TimeSpan.FromMinutes(5));
        string said = await RunAsync(Watch(1, _bench["record"]));
        Assert.Contains("the plan in force is accepted", said, StringComparison.Ordinal);
        Assert.Contains(_ledger.Audit.List(), entry => entry.Action == "drift.certify");
        _time.Advance(TimeSpan.FromMinutes(5));
        await RunAsync(Watch(1, _bench["record"]));
        Assert.Equal(3, _operations.All.Count);
    }

    [Fact]
    public async Task RunAsync_ADegradedPlanCannotBeLookedAtUnderANewCalibration_IsLookedAtByTheNextProbe()
    {
        await DriftedAsync(dropPoints: 2, 1, 1);
        _time.Advance(TimeSpan.FromHours(1));
        await CalibratedAsync("whole", 77);
        Directory.Move(_bench["record"], _bench["away"]);
        await Assert.ThrowsAsync<CampaignException>(() => RunAsync(Watch(1, _bench["record"])));
        Assert.Equal(2, _operations.All.Count);

        Directory.Move(_bench["away"], _bench["record"]);
        _time.Advance(TimeSpan.FromMinutes(5));
        CampaignException still = await Assert.ThrowsAsync<CampaignException>(() => RunAsync(Watch(1, _bench["record"])));
        Assert.Equal(ErrorReason.PlanDoesNotFit, still.Reason);
        Assert.Equal(3, _operations.All.Count);
    }

    private async Task<DriftRecord> DriftedAsync(double dropPoints, params int[] repeats)
    {
        CalibrationDocument before = await CalibratedAsync();
        _bench.Write(2.6);
        SmallCampaign.Write(_bench["record"], _bench.File_, before, dropPoints, repeats);
        try
        {
            _output.WriteLine(await RunAsync(Watch(20, _bench["record"])));
        }
        catch (CampaignException degraded) when (degraded.Reason == ErrorReason.PlanDoesNotFit)
        {
            _output.WriteLine(degraded.Message);
        }

        string file = Directory.EnumerateFiles(_bench["renewed"], DriftRecord.Name, SearchOption.AllDirectories).Single();
        _output.WriteLine(File.ReadAllText(file));
        return System.Text.Json.JsonSerializer.Deserialize<DriftRecord>(
            File.ReadAllText(file), AnalogHil.Calibration.Serialization.ResultJson.Readable)!;
    }

    private async Task<CalibrationDocument> CalibratedAsync(string folder = "first", ulong seed = 11)
    {
        CalibrationDocument document = await CalibrationRunner.RunAsync(
            _bench.Order(folder, seed), false, _ => null, new SilentCalibration(), _time, CancellationToken.None);
        _shelf.Add(document);
        _shelf.Activate(document.Id, "tester");
        return document;
    }

    private ScheduledWatch Watch(int probes, string? record = null) => new(
        "watch", _bench.File_, CronExpressionTests.Parsed("*/5 * * * *"), TimeZoneInfo.Utc, probes, _bench["renewed"], record);

    private async Task<string> RunAsync(ScheduledWatch watch, string state = "state")
    {
        var options = new DaemonOptions
        {
            SocketPath = _bench["hil.sock"], BenchDirectory = _bench["benches"], StateDirectory = _bench[state], Time = _time,
        };
        using var meter = new DaemonMeter(_services.GetRequiredService<IMeterFactory>(), _time);
        meter.DriftSeen += (_, status) => _told.Add(status);
        using var running = new LongOperations(_operations, NullLogger<LongOperations>.Instance);
        var keeper = new DriftWatchKeeper(
            options, _shelf, running, _ledger.Audit, meter, new StateDirectory(options), NullLogger<DriftWatchKeeper>.Instance);
        return await keeper.RunAsync(watch, EpochClock.At(_time.GetUtcNow(), "test"), Due + (_time.GetUtcNow() - Due), CancellationToken.None);
    }
}
