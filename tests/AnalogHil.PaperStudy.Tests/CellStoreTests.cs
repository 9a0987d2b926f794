using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.PaperStudy.Running;

namespace AnalogHil.PaperStudy.Tests;

public sealed class CellStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cells-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Save_ThenFind_KeepsEveryFigureAndUnboundedLimits()
    {
        var store = new CellStore(_folder);
        CellResult cell = Some.Cell(MethodIds.Uniform, 36.5);
        store.Save(cell);
        CellResult found = store.Find(cell.Key)!;
        Assert.Equal(36.5, found.Energy.Energy);
        Assert.Equal(double.PositiveInfinity, found.Energy.High);
        Assert.Equal(cell.Layers[0], found.Layers[0]);
        Assert.Single(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public void Find_WithOtherInputs_FindsNothing()
    {
        var store = new CellStore(_folder);
        store.Save(Some.Cell(MethodIds.Uniform, 1));
        Assert.NotNull(store.Find(new CellKey("net", "thermal", MethodIds.Uniform), "f"));
        Assert.Null(store.Find(new CellKey("net", "thermal", MethodIds.Uniform), "g"));
    }

    [Fact]
    public void Save_OfASearchsCell_EndsItsTrainings()
    {
        var store = new CellStore(_folder);
        CellResult cell = Some.Cell(MethodIds.PaperSearch, 1);
        store.SaveTrainings(cell.Key, 2, new KeptTrainings("f", [new PaperTraining(2, 1e4, 30, 29, -0.01, [28, 30], 64, 64, 1)]));
        Assert.Equal(29, Assert.Single(store.FindTrainings(cell.Key, "f", 2)).MeanEnergy);
        Assert.Null(store.Find(cell.Key));

        store.Save(cell);

        Assert.Empty(store.FindTrainings(cell.Key, "f", 2));
        Assert.Single(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public void Find_DamagedFile_SaysWhichAndWhatToDo()
    {
        var key = new CellKey("net", "thermal", MethodIds.Uniform);
        File.WriteAllText(Path.Combine(_folder, key.FileName), "{ \"network\": ");
        string message = Assert.Throws<InvalidDataException>(() => new CellStore(_folder).Find(key)).Message;
        Assert.Contains(key.FileName, message, StringComparison.Ordinal);
        Assert.Contains("Delete it", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fingerprint_FollowsModelAndSettingsButNotTheTimeAllowed()
    {
        var network = new StudyNetwork("net", "Net", "net.onnx", "test", null, 100, 100, 100);
        var key = new CellKey("net", "thermal", MethodIds.PaperLayer);
        var settings = new StudySettings();
        string one = settings.Fingerprint(key, network, "a");
        Assert.Equal(one, (settings with { PaperMinutes = 1 }).Fingerprint(key, network, "a"));
        Assert.NotEqual(one, settings.Fingerprint(key, network, "b"));
        Assert.NotEqual(one, (settings with { Seeds = 6 }).Fingerprint(key, network, "a"));
        Assert.NotEqual(one, settings.Fingerprint(key, network with { SearchExamples = 101 }, "a"));
        StudySettings ours = settings with { Ours = settings.Ours with { Steps = 7 } };
        Assert.Equal(one, ours.Fingerprint(key, network, "a"));
        CellKey own = key with { Method = MethodIds.OursLayer };
        Assert.NotEqual(settings.Fingerprint(own, network, "a"), ours.Fingerprint(own, network, "a"));
        Assert.NotEqual(one, settings.Fingerprint(key with { Law = "weight" }, network, "a"));
    }

    [Fact]
    public void Fingerprint_OfTheRecipesShapeBehindOurRanges_FollowsTheRecipesStepsAndIsAsBeforeAtTheUsual()
    {
        string root = RepositoryRoot.Find();
        var settings = new StudySettings();
        StudyNetwork network = NetworkCatalogue.All(root, "data", reduced: false).Single(one => one.Id == "fashion-lenet");
        var key = new CellKey(network.Id, "thermal", MethodIds.PaperFullLayer);
        CellResult kept = new CellStore(Path.Combine(root, "docs", "results", "cells")).Find(key)!;
        Assert.Equal(kept.Fingerprint, settings.Fingerprint(key, network, kept.ModelSha256));
        Assert.NotEqual(kept.Fingerprint, (settings with { PaperSteps = 12 }).Fingerprint(key, network, kept.ModelSha256));
    }
}
