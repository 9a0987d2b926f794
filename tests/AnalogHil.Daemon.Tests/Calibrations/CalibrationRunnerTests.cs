using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Calibrations;

public sealed class CalibrationRunnerTests : IDisposable
{
    private readonly SmallBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task RunAsync_SmallBench_LeavesDocumentReportAndReadsThatFitToTheSame()
    {
        var seen = new SilentCalibration();
        CalibrationDocument document = await _bench.RunAsync(_bench.Order("one", 1), observer: seen);
        Assert.True(document.Whole);
        Assert.Equal(["dark", "line", "column-sigma", "mix", "averaging"], document.Routines.Select(row => row.Name));
        Assert.All(document.Routines, row => Assert.Equal(RoutineOutcome.Measured, row.Entry.Outcome));
        CalibrationDocument read = DocumentFile.Read(_bench["one"]);
        Assert.Equal(document.Figures(), read.Figures());
        Assert.Equal(document.Results["averaging"].Certificate, read.Results["averaging"].Certificate);
        Assert.Equal(document.Figures().OrderBy(f => f.Name), SuiteRefit.Fit(new RunFolder(_bench["one"])).Values.SelectMany(result =>
            result.Figures).OrderBy(f => f.Name));
        string html = File.ReadAllText(Path.Combine(_bench["one"], DocumentFile.HtmlName));
        foreach (string part in (string[])["CALIBRATED", "Map of sigma.full", "Intervals against reads", "Design corners and residuals",
            "What averaging does", "spread of means within a run of reads", "Effective repeats", document.ReadsSha256])
        {
            Assert.Contains(part, html, StringComparison.Ordinal);
        }

        Assert.Equal(1, seen.Progress[^1].Fraction, 6);
        Assert.True(seen.Progress.Zip(seen.Progress.Skip(1)).All(pair => pair.Second.Fraction >= pair.First.Fraction));
        Assert.Contains(seen.Progress, progress => progress.Remaining is not null);
    }

    [Fact]
    public async Task RunAsync_StoppedWithinARoutine_GoesOnThere()
    {
        using var stop = new CancellationTokenSource();
        var stopping = new SilentCalibration(progress =>
        {
            if (progress is { Routine: "column-sigma", RoutineFraction: > 0 })
            {
                stop.Cancel();
            }
        });
        CampaignException stopped = await Assert.ThrowsAsync<CampaignException>(() => _bench.RunAsync(_bench.Order("two", 2), observer: stopping,
            token: stop.Token));
        Assert.Equal(ErrorReason.Cancelled, stopped.Reason);
        Assert.Contains("--resume", stopped.Message, StringComparison.Ordinal);
        CalibrationDocument document = await _bench.RunAsync(_bench.Order("two", 99), resume: true);
        Assert.True(document.Whole);
        Assert.Equal((2UL, 1), (document.Seed, document.Resumptions));
        Assert.Equal("reads/column-sigma", document.Routines.Single(row => row.Name == "column-sigma").Entry.Reads!.Replace('\\', '/'));
    }

    [Fact]
    public async Task RunAsync_FolderIsNotEmpty_IsRefused()
    {
        Directory.CreateDirectory(_bench["full"]);
        File.WriteAllText(Path.Combine(_bench["full"], "x"), "");
        Assert.Equal(ErrorReason.RequestInvalid, (await Assert.ThrowsAsync<CampaignException>(() => _bench.RunAsync(_bench.Order("full", 1)))).Reason);
        Assert.Equal(ErrorReason.NotResumable, (await Assert.ThrowsAsync<CampaignException>(() => _bench.RunAsync(_bench.Order("nothing", 1),
            resume: true))).Reason);
    }
}
