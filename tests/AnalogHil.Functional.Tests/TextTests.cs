using System.Globalization;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Proof;
using AnalogHil.V1;
using Xunit.Abstractions;
using Verdict = AnalogHil.Core.Statistics.Verdict;

namespace AnalogHil.Functional.Tests;

/// <summary>Whole campaigns with a text classifier (a small BERT and SST-2): products of two activations on the device where it can multiply them.</summary>
/// <remarks>One sample of a campaign with a fixed seed, which always gives the same figures: no false alarms after the seed was chosen.</remarks>
public sealed class TextTests(ITestOutputHelper output) : IAsyncLifetime
{
    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [SharedTheory("sst2")]
    [Trait("Category", "Long")]
    [InlineData("homodyne", "analog")]
    [InlineData("crossbar", "digital")]
    public async Task Run_OfBert_SaysWhereAttentionWasMultiplied(string bench, string computed)
    {
        string texts = SharedTheoryAttribute.Find("sst2")!;
        RunRequest request = new()
        {
            Bench = bench,
            Model = Path.Combine(texts, "sst2-bert-mini.onnx"),
            Data = texts,
            MaxDropPoints = 4,
            Seed = 1,
            OutputDirectory = _daemon[bench],
            Mutation = await _daemon.MutationAsync(bench),
        };
        CampaignEvent end = await _daemon.EndAsync(await _daemon.Campaigns.RunAsync(request));
        Assert.True(end.KindCase == CampaignEvent.KindOneofCase.Result, end.Error?.Message);
        CampaignRecord record = RecordWriter.Read(request.OutputDirectory);
        Tell(record);

        ProductsRecord products = record.Model!.ActivationProducts!;
        Assert.Equal((computed, 6), (products.Computed, products.Nodes.Length));
        Assert.Equal(computed == "analog", products.Nodes.All(node => record.Plan!.Layers.Any(layer => layer.Name == node)));
        Assert.Equal(record.Model.AnalogLayers, record.Plan!.Layers.Length);
        Assert.Equal(record.Model.AnalogLayers, record.Twin.Length);
        Assert.All(record.Twin, layer => Assert.True(layer.Low >= 0.9 && layer.High <= 1.1, $"{layer.Layer}: {layer.VarianceRatio} [{layer.Low}, {layer.High}]"));
        Assert.NotEqual(Verdict.Reject, record.Verdict);
        Assert.Equal(524, record.Validation!.M);
        string report = await File.ReadAllTextAsync(Path.Combine(request.OutputDirectory, "report.html"));
        Assert.Contains($"6 {computed} (", report, StringComparison.Ordinal);
    }

    private void Tell(CampaignRecord record)
    {
        CultureInfo plain = CultureInfo.InvariantCulture;
        AccuracyRecord found = record.Validation!;
        output.WriteLine(string.Create(plain, $"{record.Bench!.Name}: {record.Verdict}: {record.Reason}"));
        output.WriteLine(string.Create(plain, $"learned {record.Energy!.Learned:0.00} [{record.Energy.LearnedLow:0.00}, {record.Energy.LearnedHigh:0.00}], uniform {record.Energy.Uniform:0.00} reads per MAC"));
        output.WriteLine(string.Join(", ", record.Plan!.Layers.Select(layer => string.Create(plain, $"{layer.Name} {layer.K:0.#}"))));
        output.WriteLine(string.Create(plain, $"drop {found.Drop:0.00} [{found.Low:0.00}, {found.High:0.00}] points, {found.M} texts"));
        output.WriteLine(string.Join("; ", record.Twin.Select(layer => string.Create(plain, $"{layer.Layer} {layer.VarianceRatio:0.000} [{layer.Low:0.000}, {layer.High:0.000}]"))));
        output.WriteLine(string.Join(", ", record.Provenance.Phases.Select(phase => string.Create(plain, $"{phase.Phase} {phase.Seconds:0.0} s"))));
    }
}
