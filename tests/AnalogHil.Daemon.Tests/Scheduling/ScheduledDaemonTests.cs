using System.Threading.Channels;
using AnalogHil.Calibration.Graph;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Scheduling;
using AnalogHil.Daemon.Tests.Calibrations;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Daemon.Tests.Hosting;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Audit;
using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Leases;
using AnalogHil.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Tests.Scheduling;

/// <summary>A whole daemon with a schedule, on a clock that the test moves; what it says of every time is read from its log.</summary>
public sealed class ScheduledDaemonTests : IAsyncLifetime, IDisposable
{
    private readonly SmallBench _bench = new();
    private readonly SteppedTime _time = new();
    private readonly ScheduleLog _log = new();
    private TestHost? _host;

    private CalibrationShelf Shelf => _host!.Host.Services.GetRequiredService<CalibrationShelf>();

    private ILeaseStore Leases => _host!.Host.Services.GetRequiredService<ILeaseStore>();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _log.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task Schedule_EveryMinute_CalibratesUnderALeaseSkipsAHeldBenchAndMeasuresAgainWhatExpired()
    {
        await StartAsync($$"""
            { "entries": [ { "name": "often", "bench": "{{_bench.File_}}", "cron": "* * * * *", "timeZone": "UTC", "routines": ["column-sigma"],
                             "columnHalfWidthPercent": 30, "validForHours": 1, "out": "calibrations" } ] }
            """);
        string ran = await NextAsync();
        CalibrationSummary first = Assert.Single(Shelf.Summaries(null, _time.GetUtcNow()));
        Assert.Contains(first.Id, ran, StringComparison.Ordinal);
        Assert.Equal("schedule often", first.MadeBy);
        Assert.StartsWith("in use until", first.Standing, StringComparison.Ordinal);
        string[] leased = [.. Audited().Where(entry => entry.Actor == "schedule often" && entry.Action.StartsWith("lease", StringComparison.Ordinal)).Select(entry => entry.Subject)];
        Assert.NotEmpty(leased);
        Assert.All(leased, subject => Assert.Contains(_bench.File_, subject, StringComparison.Ordinal));
        Assert.Null(Leases.Current(_bench.File_));

        Ledger.Leases.Lease other = await Leases.AcquireAsync(new LeaseRequest(_bench.File_, "uid:7", TimeSpan.FromHours(1)), CancellationToken.None);
        string skipped = await NextAsync(held: true);
        Assert.Contains("Leased", skipped, StringComparison.Ordinal);
        Assert.Contains("uid:7 (lease)", skipped, StringComparison.Ordinal);
        Assert.Single(Shelf.History(null));

        await Leases.ReleaseAsync(_bench.File_, "uid:7", other.Epoch, CancellationToken.None);
        _time.Advance(TimeSpan.FromHours(2));
        string again = await NextAsync();
        while (!again.Contains("calibrations/", StringComparison.Ordinal))
        {
            again = await NextAsync();
        }

        CalibrationDocument second = CalibrationShelf.DocumentOf(Shelf.History(null)[0]);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(RoutineOutcome.Measured, second.Routines.Single(row => row.Name == "column-sigma").Entry.Outcome);
        CampaignException expired = Assert.Throws<CampaignException>(() => Shelf.Activate(first.Id, "tester"));
        Assert.Equal(ErrorReason.CalibrationFailed, expired.Reason);
        Assert.Contains("expired", expired.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedule_WatchOfACalibratedBench_ProbesItUnderALease()
    {
        await StartAsync($$"""
            { "watches": [ { "name": "drift", "bench": "{{_bench.File_}}", "cron": "* * * * *", "timeZone": "UTC", "probes": 2 } ] }
            """);
        string without = await NextAsync();
        Assert.Contains("Failed", without, StringComparison.Ordinal);
        Assert.Contains("calibrate first", without, StringComparison.Ordinal);

        CalibrationDocument document = await CalibrationRunner.RunAsync(
            _bench.Order("first", 11), false, _ => null, new SilentCalibration(), _time, CancellationToken.None);
        Shelf.Add(document);
        Shelf.Activate(document.Id, "tester");

        // One false alarm in 1,000 probes.
        string quiet = await NextAsync();
        Assert.Contains($"no drift of {document.Id} in 2 probes", quiet, StringComparison.Ordinal);
        Assert.Contains("no drift", await NextAsync(), StringComparison.Ordinal);
        Assert.Contains(Audited(), entry => entry.Actor == "schedule drift" && entry.Action.StartsWith("lease", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("entries", "\"routines\": [\"column-sigma\"], \"out\": \"calibrations\"")]
    [InlineData("watches", "\"probes\": 2")]
    public async Task Schedule_AChangeOfTheBenchIsOpen_IsSettledBeforeTheDeviceIsDriven(string kind, string more)
    {
        await StartAsync($$"""
            { "{{kind}}": [ { "name": "often", "bench": "{{_bench.File_}}", "cron": "* * * * *", "timeZone": "UTC", {{more}} } ] }
            """);
        IIntentJournal journal = _host!.Host.Services.GetRequiredService<IIntentJournal>();
        await Assert.ThrowsAsync<LedgerException>(() => journal.PerformAsync(
            new IntentDraft(_bench.File_, 1, DeviceJournal.CommitKind, "uid:7", "boot"u8.ToArray()), () => throw new TimeoutException(), new SilentDevice()));
        Assert.Single(journal.Unsettled());

        await NextAsync();

        // The device is simulated: nothing of the change can be in force on a new one.
        Assert.Empty(journal.Unsettled());
        Assert.Contains(Audited(), entry => entry.Action == "intent.old" && entry.Subject == _bench.File_);
    }

    private IReadOnlyList<AuditEntry> Audited() => _host!.Host.Services.GetRequiredService<IAuditChain>().List();

    private async Task StartAsync(string schedule)
    {
        await File.WriteAllTextAsync(_bench["schedule.json"], schedule);
        _host = await TestHost.StartAsync(
            options => options with { ScheduleFile = _bench["schedule.json"], Time = _time }, logging => logging.AddProvider(_log));
        Assert.Contains("run by themselves", await _log.Lines.Reader.ReadAsync(), StringComparison.Ordinal);
    }

    // The clock moves while nothing is under way: a lease of this schedule must not run out because a test is in a hurry.
    private async Task<string> NextAsync(bool held = false)
    {
        while (true)
        {
            if (held || Leases.Current(_bench.File_) is null)
            {
                _time.Advance(TimeSpan.FromSeconds(30));
            }

            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            try
            {
                return await _log.Lines.Reader.ReadAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                // Not yet due, or at work.
            }
        }
    }

    private sealed class SilentDevice : IReconciler
    {
        public Task<Resolution> ResolveAsync(Intent intent, CancellationToken cancellationToken) => throw new TimeoutException("no answer");
    }

    private sealed class ScheduleLog : ILoggerProvider, ILogger
    {
        public Channel<string> Lines { get; } = Channel.CreateUnbounded<string>();

        public ILogger CreateLogger(string categoryName) =>
            categoryName.EndsWith(nameof(ScheduleWorker), StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        // Steps of the calibration itself come without a time that was due.
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string line = formatter(state, exception);
            if (line.Contains(", due ", StringComparison.Ordinal) || line.Contains("run by themselves", StringComparison.Ordinal))
            {
                Lines.Writer.TryWrite(line);
            }
        }

        public void Dispose() => Lines.Writer.TryComplete();
    }
}
