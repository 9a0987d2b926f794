using AnalogHil.Core.Plans;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.PaperStudy.Running;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Noise;

namespace AnalogHil.PaperStudy.Tests;

public sealed class PaperSearchTests : IDisposable
{
    private static readonly CellKey Key = new("net", "weight", MethodIds.PaperSearch);
    private readonly string _folder = Directory.CreateTempSubdirectory("search-").FullName;
    private readonly LoadedNetwork _network;
    private readonly List<string> _told = [];

    public PaperSearchTests()
    {
        string root = RepositoryRoot.Find();
        _network = LoadedNetwork.Load(NetworkCatalogue.All(root, "data", reduced: true)[0], Path.Combine(root, "config", "preprocessing"), 1);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0.9, "in 2 trainings; the cheapest above the target is kept, ")]
    [InlineData(-0.5, "in 2 trainings; none met the target, the last is kept, ")] // more right than all of them
    public void Run_WhereTheRuleAcceptsNone_SaysWhichTrainingIsKept(double drop, string said)
    {
        PaperSearchResult found = Search(drop: drop);

        Assert.Contains(said, found.Note, StringComparison.Ordinal);
        Assert.Equal(MeanOf(found), found.Cost.MeanEnergy, 1e-9 * found.Cost.MeanEnergy);
    }

    [Fact]
    public void Run_StoppedBehindATraining_GoesOnThereAndEndsAsOneThatWasNotStopped()
    {
        PaperSearchResult whole = Search("whole");
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Search(stop: stop));
        Assert.Single(new CellStore(_folder).FindTrainings(Key, "f", 2));
        _told.Clear();

        PaperSearchResult found = Search();

        Assert.DoesNotContain(_told, line => line.StartsWith("training 1 of", StringComparison.Ordinal));
        Assert.Contains(_told, line => line.StartsWith("training 1: ", StringComparison.Ordinal) && line.EndsWith("; kept from an earlier run", StringComparison.Ordinal));
        Assert.Contains(_told, line => line.StartsWith("training 2 of", StringComparison.Ordinal));
        Assert.Equal(whole.Energy, found.Energy);
        Assert.Equal(whole.Note, found.Note);
        Assert.Equal(whole.Cost with { Seconds = 0 }, found.Cost with { Seconds = 0 });
    }

    [Theory]
    [InlineData("other", 2, 100, 1e4)] // other settings or another model
    [InlineData("f", 3, 100, 1e4)] // other steps
    [InlineData("f", 2, 50, 1e4)] // other targets
    [InlineData("f", 2, 100, 2e3)] // another start
    public void Run_WithTrainingsOfAnotherSearch_DoesNotTakeThem(string fingerprint, int steps, double uniform, double start)
    {
        Search();
        _told.Clear();

        Search(fingerprint, steps, uniform, start: start);

        Assert.Contains(_told, line => line.StartsWith("training 1 of", StringComparison.Ordinal));
        Assert.Equal(2, new CellStore(_folder).FindTrainings(Key, fingerprint, steps).Length);
    }

    [Fact]
    public void Run_WithOtherSteps_LeavesTheTrainingsThereAre()
    {
        Search();
        Search(steps: 3);
        _told.Clear();

        Search();

        Assert.All(_told, line => Assert.EndsWith("; kept from an earlier run", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Run_OnTrainingsOfAnotherVersion_SaysHowMany()
    {
        PaperSearchResult own = Search();
        var store = new CellStore(_folder);
        PaperTraining[] trainings = [.. store.FindTrainings(Key, "f", 2)];
        store.SaveTrainings(Key, 2, new KeptTrainings("f", [trainings[0] with { Library = "0.0.1" }, trainings[1]]));

        PaperSearchResult found = Search();

        Assert.DoesNotContain("another version", own.Note, StringComparison.Ordinal);
        Assert.EndsWith(" reads per MAC; 1 of them by another version of the library", found.Note, StringComparison.Ordinal);
    }

    private PaperSearchResult Search(
        string fingerprint = "f", int steps = 2, double uniform = 100, double drop = 0.02, double start = 1e4, CancellationTokenSource? stop = null)
    {
        LawCase law = LawCase.For(grouped: false).Single(one => one.Id == "weight");
        ReferenceNoiseModel noise = _network.NoiseOf(law);
        var layout = new PlanLayout(_network.Float.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);
        var log = new TrainingLog(new CellStore(_folder), Key, fingerprint, steps);
        var search = new PaperSearch(_network, law, noise, StudySettings.Reduced with { Drop = drop }, log, line =>
        {
            _told.Add(line);
            if (line.StartsWith("training 1: ", StringComparison.Ordinal))
            {
                stop?.Cancel();
            }
        });
        return search.Run(
            law.Recipe with { Steps = steps, Start = start }, layout, new MethodTask(_network.For(law), noise, layout, _network.Learning), uniform, stop?.Token ?? default);
    }

    private double MeanOf(PaperSearchResult found) =>
        new PlanLayout(_network.Float.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage).MeanEnergy(found.Energy);
}
