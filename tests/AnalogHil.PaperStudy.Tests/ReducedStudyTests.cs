using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Document;
using AnalogHil.PaperStudy.Running;
using Xunit.Abstractions;

namespace AnalogHil.PaperStudy.Tests;

/// <summary>The whole command on the smallest network of the repository: the machinery, not the figures.</summary>
public sealed class ReducedStudyTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _out = Directory.CreateTempSubdirectory("paper-study-").FullName;

    public void Dispose() => Directory.Delete(_out, recursive: true);

    [Fact]
    public void Run_ThenAgain_WritesCellsAndDocumentOnceAndSkipsThem()
    {
        string discussion = Path.Combine(_out, PaperDocument.Discussion);
        File.WriteAllText(discussion, "kept");
        List<string> first = Run("fashion-lenet:weight");
        string[] cells = Cells();
        Assert.Equal(MethodIds.All.Select(method => $"fashion-lenet.weight.{method}.json").Order(StringComparer.Ordinal), cells);

        var store = new CellStore(Path.Combine(_out, "cells"));
        CellResult uniform = store.Find(new CellKey("fashion-lenet", "weight", MethodIds.Uniform))!;
        CellResult ours = store.Find(new CellKey("fashion-lenet", "weight", MethodIds.OursLayer))!;
        CellResult paper = store.Find(new CellKey("fashion-lenet", "weight", MethodIds.PaperLayer))!;
        CellResult full = store.Find(new CellKey("fashion-lenet", "weight", MethodIds.OursFullLayer))!;
        CellResult held = store.Find(new CellKey("fashion-lenet", "weight", MethodIds.PaperFullLayer))!;

        // 64 for the shares, 64 again behind the full scales, two rounds of two steps; forward also the 128 whose codes are counted, and the 64 of the steps,
        // the same in both rounds, for their answers without noise.
        Assert.Equal(2 * 64 + 4 * 32, full.Learning.Backward);
        Assert.Equal(2 * 64 + 4 * 32 + 128 + 64, full.Learning.Forward);
        Assert.Equal(4 * 32, held.Learning.Backward);
        Assert.All(held.Layers.Zip(paper.Layers), pair => Assert.Equal(pair.Second.Mean / paper.Layers[0].Mean, pair.First.Mean / held.Layers[0].Mean, 1e-3 * pair.Second.Mean / paper.Layers[0].Mean));
        Assert.Equal(0, uniform.Learning.Forward);
        Assert.Equal(12 * 32, paper.Learning.Backward);
        Assert.Equal(paper.Learning.Budget, ours.Energy.Energy, 1e-9 * ours.Energy.Energy);
        Assert.Equal(5, ours.Energy.LogBySeed.Length);
        Assert.Equal(200, ours.Certification.Examples);

        // 200 images and five draws know the energy of 2 points to a factor of a few, not better.
        Assert.InRange(uniform.Energy.Energy, 10, 1000);

        DateTime[] written = Times();
        List<string> second = Run("fashion-lenet:weight");
        Assert.Equal(MethodIds.All.Count, second.Count(line => line.EndsWith("there, skipped", StringComparison.Ordinal)));
        Assert.Contains("0 cells run", second);
        Assert.Equal(written, Times());

        string text = File.ReadAllText(Path.Combine(_out, PaperDocument.FileName));
        Assert.Contains("| ours, per layer |", text, StringComparison.Ordinal);
        Assert.Contains("10 of 30 cells are there", text, StringComparison.Ordinal);
        Assert.Contains("| our shares, per layer |", text, StringComparison.Ordinal);
        Assert.Contains("--cells fashion-lenet:shot:uniform", text, StringComparison.Ordinal);
        Assert.Contains($"]({PaperDocument.Discussion})", text, StringComparison.Ordinal);
        Assert.Equal("kept", File.ReadAllText(discussion));

        // A cell of other settings is neither kept for this study nor shown in it.
        store.Save(uniform with { Fingerprint = "other" });
        using var stop = new CancellationTokenSource();
        Program.Run(Options("fashion-lenet:weight") with { DocumentOnly = true }, TimeProvider.System, output.WriteLine, stop);
        Assert.Contains("9 of 30 cells are there", File.ReadAllText(Path.Combine(_out, PaperDocument.FileName)), StringComparison.Ordinal);
        string chart = File.ReadAllText(Path.Combine(_out, "paper-layers-fashion-lenet-weight.svg"));
        Assert.Contains("xmlns=\"http://www.w3.org/2000/svg\"", chart, StringComparison.Ordinal);
        System.Xml.Linq.XDocument.Parse(chart);
    }

    [Fact]
    public void Run_OfACellAlone_RunsWhatItNeedsAndNothingElse()
    {
        Run("fashion-lenet:thermal:ours-channel");
        Assert.Equal(["fashion-lenet.thermal.ours-channel.json", "fashion-lenet.thermal.uniform.json"], Cells());
    }

    [Fact]
    public void Run_Stopped_KeepsNoHalfCellAndStillWritesTheDocument()
    {
        using var stop = new CancellationTokenSource();
        List<string> told = [];
        int code = Program.Run(
            Options("fashion-lenet:thermal"), TimeProvider.System,
            line =>
            {
                told.Add(line);
                if (line.Contains("ours-layer: begins", StringComparison.Ordinal))
                {
                    stop.Cancel();
                }
            },
            stop);
        Assert.Equal(130, code);
        Assert.Equal(["fashion-lenet.thermal.uniform.json"], Cells());
        Assert.Contains("1 of 30 cells are there", File.ReadAllText(Path.Combine(_out, PaperDocument.FileName)), StringComparison.Ordinal);
        Assert.Contains(told, line => line.StartsWith("stopped", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_OfASearchThatWasStopped_GoesOnBehindItsLastTrainingAndThenLeavesTheCellAlone()
    {
        const string Cell = "fashion-lenet:weight:paper-search";
        using var stop = new CancellationTokenSource();
        Program.Run(
            Options(Cell), TimeProvider.System,
            line =>
            {
                if (line.Contains("paper-search: training 1: ", StringComparison.Ordinal))
                {
                    stop.Cancel();
                }
            },
            stop);
        Assert.Contains("fashion-lenet.weight.paper-search.12.trainings.json", Cells());

        List<string> told = Run(Cell);

        Assert.Contains(told, line => line.EndsWith("; kept from an earlier run", StringComparison.Ordinal));
        Assert.DoesNotContain(told, line => line.Contains("training 1 of", StringComparison.Ordinal));
        Assert.Equal(["fashion-lenet.weight.ours-layer.json", "fashion-lenet.weight.paper-search.json", "fashion-lenet.weight.uniform.json"], Cells());
    }

    [Fact]
    public void Run_OverCellsOfOtherSettings_CountsThemAndWhatIsNeededAsOpen()
    {
        var store = new CellStore(Path.Combine(_out, "cells"));
        store.Save(Some.Cell(MethodIds.OursChannel, 1) with { Network = "fashion-lenet", Law = "weight" });
        using var stop = new CancellationTokenSource();
        List<string> told = [];
        Program.Run(
            Options("fashion-lenet:weight:ours-channel"), TimeProvider.System,
            line =>
            {
                told.Add(line);
                if (line.Contains("uniform: begins", StringComparison.Ordinal))
                {
                    stop.Cancel();
                }
            },
            stop);
        Assert.Contains(told, line => line.Contains("uniform: begins; 2 cells open", StringComparison.Ordinal));
    }

    private List<string> Run(string cells)
    {
        using var stop = new CancellationTokenSource();
        List<string> told = [];
        int code = Program.Run(Options(cells), TimeProvider.System, told.Add, stop);
        told.ForEach(output.WriteLine);
        Assert.Equal(0, code);
        return told;
    }

    private StudyOptions Options(string cells) => StudyOptions.Parse(["--reduced", "--threads", "1", "--out", _out, "--cells", cells], RepositoryRoot.Find());

    private string[] Cells() => [.. Directory.EnumerateFiles(Path.Combine(_out, "cells")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private DateTime[] Times() => [.. Directory.EnumerateFiles(Path.Combine(_out, "cells")).Order(StringComparer.Ordinal).Select(File.GetLastWriteTimeUtc)];
}
