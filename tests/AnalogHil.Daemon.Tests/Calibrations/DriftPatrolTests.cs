using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Calibrations.Drift;
using AnalogHil.Ledger;

namespace AnalogHil.Daemon.Tests.Calibrations;

public sealed class DriftPatrolTests : IDisposable
{
    private readonly SmallBench _before = new();
    private readonly SmallBench _after = new(2.6);
    private readonly LedgerStore _ledger;
    private readonly CalibrationShelf _shelf;

    public DriftPatrolTests()
    {
        _ledger = LedgerStore.Open(new LedgerOptions { Directory = _before["ledger"] });
        _shelf = new CalibrationShelf(_ledger.Calibrations);
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _before.Dispose();
        _after.Dispose();
    }

    [Fact]
    public async Task RunAsync_WeightNoiseRose_ReadsOnlyThatAgainAndPutsItInUse()
    {
        CalibrationDocument document = await CalibratedAsync();
        DriftReport report = await PatrolAsync(_after.File_, 20);
        Assert.NotNull(report.Renewed);
        Assert.InRange(report.Probes, 1, 20);
        Assert.All(report.Alarms, alarm => Assert.True(alarm.Rise && alarm.Point != "dark"));
        Assert.Equal(report.Renewed.Id, _shelf.ActiveOf(document.Device.Uid)!.Id);
        RoutineEntry mix = report.Renewed.Routines.Single(row => row.Name == "mix").Entry;
        Assert.Equal(RoutineOutcome.MeasuredInPart, mix.Outcome);
        Assert.DoesNotContain("dark on", mix.Reason, StringComparison.Ordinal);

        // 2.6 uS of 25 in each of 32 rows; far above what two wide intervals allow for.
        double was = Sigma(document);
        Assert.InRange(Sigma(report.Renewed), 1.1 * was, 1.6 * was);
        Assert.Equal(report.Renewed.Results["mix"].Figures.AsEnumerable(),
            SuiteRefit.Fit(new RunFolder(report.Renewed.Folder))["mix"].Figures.AsEnumerable());
    }

    [Fact]
    public async Task RunAsync_NothingMoved_SaysSoAndChangesNothing()
    {
        CalibrationDocument document = await CalibratedAsync();

        // One false alarm in 1,000 probes: 10 probes raise one in 1 % of draws. The draw follows the time of the opening, which is given here, so that it is
        // one that does not.
        DriftReport report = await PatrolAsync(_before.File_, 10);
        Assert.Null(report.Renewed);
        Assert.Equal(10, report.Probes);
        Assert.Equal(document.Id, _shelf.ActiveOf(document.Device.Uid)!.Id);
    }

    private async Task<CalibrationDocument> CalibratedAsync()
    {
        CalibrationDocument document = await _before.RunAsync(_before.Order("first", 11) with { });
        _shelf.Add(document);
        _shelf.Activate(document.Id, "tester");
        return document;
    }

    private Task<DriftReport> PatrolAsync(string bench, int probes) => DriftPatrol.RunAsync(
        new DriftOrder(bench, _before["renewed"], "tester", probes, TimeSpan.Zero), _shelf, new DriftLines(static _ => { }), new OneMoment(), default);

    private static double Sigma(CalibrationDocument document) => document.Figures().Single(figure => figure.Name == "sigma.Weight").Value.Value;

    /// <summary>The system's clock, stopped.</summary>
    private sealed class OneMoment : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    }
}
