using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Suite;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Suite;

public sealed class CalibrationSuiteTests(ITestOutputHelper output) : IDisposable
{
    private readonly SuiteRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task RunAsync_FourDevices_SigmasCoverTheTruthAndARefitSaysTheSame()
    {
        // Two sigmas of four devices at 95.45 %: fewer than 5 of 8 in one of 1,000 runs.
        int covered = 0;
        for (int i = 0; i < 4; i++)
        {
            await using SimulatedDevice device = await SuiteRuns.OpenAsync(15000 + i);
            RunFolder folder = _runs.Folder($"fresh{i}");
            SuiteOutcome outcome = await SuiteRuns.RunAsync(device, folder);
            Assert.True(outcome.IsWhole, string.Join("; ", outcome.Routines.Select(routine =>
                $"{routine.Name} {routine.Entry.Outcome} {routine.Entry.Reason}")));
            Assert.Equal([true, true, false], outcome.Results["mix"].Figures.Select(figure => figure.Present));
            foreach (NamedFigure figure in outcome.Results["mix"].Figures.Where(figure => figure.Present == true))
            {
                covered += figure.Value.Interval.Contains(device.Truth.Terms[Enum.Parse<NoiseTerm>(figure.Name["sigma.".Length..])].Sigma) ? 1 : 0;
            }

            var again = SuiteRefit.Fit(folder);
            Assert.Equal(
                outcome.Results.Values.SelectMany(result => result.Figures).OrderBy(figure => figure.Name),
                    again.Values.SelectMany(result => result.Figures).OrderBy(figure => figure.Name));
            Assert.Equal(2, outcome.Results["column-sigma"].Maps.Length);
            Assert.Equal(32, outcome.Results["column-sigma"].Maps[0].Value.Count(float.IsFinite));
        }

        output.WriteLine($"{covered} of 8 sigmas covered, seeds 15000 .. 15003");
        Assert.InRange(covered, 5, 8);
    }

    [Fact]
    public async Task RunAsync_StoppedAtEveryThirdCall_MakesEveryReadOnce()
    {
        await using SimulatedDevice straight = await SuiteRuns.OpenAsync(15100);
        var whole = new WatchedDevice(straight);
        RunFolder at = _runs.Folder("whole");
        SuiteOutcome once = await SuiteRuns.RunAsync(whole, at, options: Fixed);

        await using SimulatedDevice stopped = await SuiteRuns.OpenAsync(15100);
        var device = new WatchedDevice(stopped);
        RunFolder folder = _runs.Folder("stopped");
        SuiteOutcome? outcome = null;
        int stops = 0;
        while (outcome is null)
        {
            using var stop = new CancellationTokenSource();
            int begin = device.Executions;
            device.Before = n =>
            {
                // The fourth call of every run is never made.
                if (n == begin + 4 + stops)
                {
                    stop.Cancel();
                }
            };
            try
            {
                outcome = await SuiteRuns.RunAsync(device, folder, options: Fixed, token: stop.Token);
            }
            catch (OperationCanceledException)
            {
                stops++;
            }
        }

        output.WriteLine($"{stops} stops, {device.Executions} calls against {whole.Executions}; seed 15100");
        Assert.True(stops > 5);
        foreach (string routine in (string[])["dark", "line"])
        {
            Assert.Equal(Vectors(at, once, routine), Vectors(folder, outcome, routine));
        }

        Assert.All(outcome.Routines, routine => Assert.Equal(RoutineOutcome.Measured, routine.Entry.Outcome));
    }

    [Fact]
    public async Task RunAsync_ResultsOfAnUnchangedDevice_AreKeptAfterTheirChecks()
    {
        // Five checks at 1 % a family: an unchanged device fails any of them in 5 %; 3 or more of 6 devices in one of 400.
        int anew = 0;
        for (int i = 0; i < 6; i++)
        {
            await using SimulatedDevice device = await SuiteRuns.OpenAsync(15200 + i);
            var watched = new WatchedDevice(device);
            SuiteOutcome first = await SuiteRuns.RunAsync(watched, _runs.Folder($"first{i}"));
            int full = watched.Executions;
            SuiteOutcome second = await SuiteRuns.RunAsync(watched, _runs.Folder($"second{i}"), SuiteRuns.Known(first));
            anew += SuiteRuns.Outcomes(second).All(outcome => outcome == RoutineOutcome.Kept) ? 0 : 1;
            if (i == 0)
            {
                output.WriteLine($"{full} calls in full, {watched.Executions - full} for the checks");
                Assert.InRange(watched.Executions - full, 1, full / 2);
            }
        }

        output.WriteLine($"{anew} of 6 unchanged devices had anything measured anew, seeds 15200 ..");
        Assert.InRange(anew, 0, 2);
    }

    [Fact]
    public async Task RunAsync_StuckColumns_AreNamedAndTriedAgainByThemselves()
    {
        await using SimulatedDevice device = await SuiteRuns.OpenAsync(15300, stuck: 2);
        SuiteOutcome first = await SuiteRuns.RunAsync(device, _runs.Folder("stuck"));
        var truth = device.Truth.StuckColumns.SelectMany((columns, tile) => columns.Select(column => new ColumnPlace(tile,
            column))).OrderBy(place => (place.Tile, place.Column)).ToArray();
        Assert.Equal(4, truth.Length);
        Assert.Equal(truth, first.Results["column-sigma"].Unmeasured.OrderBy(place => (place.Tile, place.Column)));
        Assert.All(first.Results["column-sigma"].Excluded, column => Assert.Contains("stuck", column.Detail, StringComparison.Ordinal));
        Assert.Equal(28, first.Results["column-sigma"].Maps[0].Value.Count(float.IsFinite));

        SuiteOutcome second = await SuiteRuns.RunAsync(device, _runs.Folder("again"), SuiteRuns.Known(first));
        (string _, RoutineEntry dark) = second.Routines.Single(routine => routine.Name == "dark");
        Assert.Equal(RoutineOutcome.MeasuredInPart, dark.Outcome);
        Assert.Equal(truth, dark.Columns.OrderBy(place => (place.Tile, place.Column)));
        Assert.Equal(first.Routines.Single(routine => routine.Name == "dark").Entry.Record!.Measured, dark.Record!.Measured);
    }

    [Fact]
    public async Task RunAsync_RebootMidRun_EndsAndGoesOnWithFreshReadsOfThatRoutine()
    {
        await using SimulatedDevice device = await SuiteRuns.OpenAsync(15400);
        var watched = new WatchedDevice(device);
        RunFolder folder = _runs.Folder("reboot");
        watched.Before = n =>
        {
            if (n == 20)
            {
                device.Reboot();
                device.ArmAsync(2, default).AsTask().Wait();
            }
        };
        DeviceException gone = await Assert.ThrowsAsync<DeviceException>(() => SuiteRuns.RunAsync(watched, folder));
        Assert.True(gone.Fault is DeviceFault.Rebooted or DeviceFault.InvalidRequest or DeviceFault.Contradiction, gone.Message);
        watched.Before = null;
        SuiteOutcome outcome = await SuiteRuns.RunAsync(watched, folder);
        Assert.True(outcome.IsWhole);
        Assert.Contains(outcome.Routines, routine => routine.Entry.Reads?.EndsWith(".2", StringComparison.Ordinal) == true);
        output.WriteLine(string.Join("; ", outcome.Routines.Select(routine => $"{routine.Name}: {routine.Entry.Outcome} in {routine.Entry.Reads}")));
    }

    [Fact]
    public async Task RunAsync_ExpiredResults_AreMeasuredAnew()
    {
        await using SimulatedDevice device = await SuiteRuns.OpenAsync(15500);
        var clock = new ManualClock(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        SuiteOutcome first = await SuiteRuns.RunAsync(device, _runs.Folder("young"), clock: clock);
        clock.Advance(TimeSpan.FromHours(25));
        SuiteOutcome second = await SuiteRuns.RunAsync(device, _runs.Folder("old"), SuiteRuns.Known(first), clock: clock);
        Assert.Equal(["dark", "column-sigma", "mix", "averaging"], second.Routines.Where(routine => routine.Entry.Reason.StartsWith("expired",
            StringComparison.Ordinal)).Select(routine => routine.Name));
    }

    // No sequential stopping: the reads that a run makes do not depend on what it reads.
    private static SuiteOptions Fixed => SuiteRuns.Quick with { Routines = ["column-sigma"] };

    private static string Vectors(RunFolder folder, SuiteOutcome outcome, string routine)
    {
        string reads = folder.Of(outcome.Routines.Single(r => r.Name == routine).Entry.Reads!);
        return string.Join(", ", Calibration.Archive.FolderReadArchive.Load(reads).Series.OrderBy(series => series.Description.Name).Select(series =>
            $"{series.Description.Name}: {string.Join("+", series.Segments.GroupBy(segment => segment.Tile).OrderBy(tile => tile.Key).Select(tile => tile.Sum(segment => segment.Vectors)))}"));
    }
}
