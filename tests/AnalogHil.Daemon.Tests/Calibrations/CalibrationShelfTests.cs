using AnalogHil.Calibration.Graph;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Errors;
using AnalogHil.Ledger;

namespace AnalogHil.Daemon.Tests.Calibrations;

public sealed class CalibrationShelfTests : IDisposable
{
    private readonly SmallBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Rollback_TheOneInUseIsBad_GoesBackToTheOneBefore()
    {
        using LedgerStore ledger = LedgerStore.Open(new LedgerOptions { Directory = _bench["ledger"] });
        var shelf = new CalibrationShelf(ledger.Calibrations);
        CalibrationDocument first = await _bench.RunAsync(_bench.Order("a", 1));
        CalibrationDocument second = await _bench.RunAsync(_bench.Order("b", 2, keeps: false));
        foreach (CalibrationDocument document in (CalibrationDocument[])[first, second])
        {
            shelf.Add(document);
            shelf.Activate(document.Id, "tester");
        }

        Assert.Equal(second.Id, shelf.ActiveOf(first.Device.Uid)!.Id);
        Assert.Equal(first.Id, shelf.Rollback(first.Device.Uid, "tester", "suspect").Id);
        shelf.MarkBad(first.Id, "tester", "loose cable");
        Assert.Null(shelf.ActiveOf(first.Device.Uid));
        Assert.Throws<CampaignException>(() => shelf.Activate(first.Id, "tester"));
        Assert.Equal(2, shelf.Trend(first.Device.Uid).Count(point => point.Figure.Name == "sigma.Thermal"));
        Assert.Single(shelf.Trend(first.Device.Uid), point => point is { Figure.Name: "sigma.Thermal", Bad: true });
    }

    [Fact]
    public async Task Of_NoiseRoseByFortyPercent_SaysWhatChanged()
    {
        using var louder = new SmallBench(2.8);
        CalibrationDocument before = await _bench.RunAsync(_bench.Order("a", 3));
        CalibrationDocument after = await louder.RunAsync(louder.Order("a", 4));
        DocumentComparison comparison = DocumentComparison.Of(after, before);
        Assert.Equal(before.Id, comparison.Before);
        Assert.Contains(comparison.Figures.Figures, figure => figure is { Name: "sigma.Weight", Significant: true });
        Assert.DoesNotContain(comparison.Figures.Figures, figure => figure is { Name: "sigma.Thermal", Significant: true });
        Assert.Contains(comparison.Maps, map => map is { Name: "sigma.full", MedianShift: > 0.2 });
    }

    [Fact]
    public async Task RunAsync_ResultsOfTheOneInUseHold_AreKeptAndNotCompared()
    {
        CalibrationDocument first = await _bench.RunAsync(_bench.Order("a", 5));
        CalibrationDocument second = await _bench.RunAsync(_bench.Order("b", 6), first);

        // Each check of an unchanged device fails at 1 %.
        string[] kept = [.. second.Routines.Where(row => row.Entry.Outcome == RoutineOutcome.Kept).Select(row => row.Name)];
        Assert.InRange(kept.Length, 4, 5);
        Assert.Equal(kept, DocumentComparison.Of(first, second).SameReads);
    }
}
