using System.Diagnostics;
using AnalogHil.Engine.Data;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Models;

/// <summary>A BERT classifier with trained weights.</summary>
public sealed class TextModelTests(ITestOutputHelper output)
{
    private static string Folder => Path.Combine(SharedData.Root, "sst2");

    [SharedDataTheory]
    [InlineData("sst2-bert-mini", 40_911_104, 26)]
    public void Load_TextModel_ReproducesLogitsAndCounts(string model, long macs, int products)
    {
        OnnxNetwork network = Load(model);
        LabelledImages dev = Read(network, 8);
        NpyArray<float> golden = NpyReader.Read<float>(Path.Combine(Folder, model + ".golden.npy"));
        float[] logits = new float[8 * network.Classes];

        network.Forward(dev.Pixels, 8, logits);

        double worst = logits.Zip(golden.Values, (a, b) => (double)Math.Abs(a - b)).Max();
        output.WriteLine($"{model}: largest deviation {worst:g3}");
        Assert.Equal([8, network.Classes], golden.Dims);
        Assert.True(worst <= 1e-5, $"largest deviation {worst}");
        Assert.Equal((macs, products), (network.AnalogNodes.Sum(node => node.Macs), network.AnalogNodes.Count));
        Assert.Equal(["'input_ids' [64]", "'attention_mask' [64]"], network.Inputs.Select(input => input.ToString()));
    }

    [SharedDataTheory]
    [InlineData("sst2-bert-mini", 712, 872)]
    public void Forward_WholeDevSet_ReproducesAccuracy(string model, int expected, int count)
    {
        OnnxNetwork network = Load(model);
        LabelledImages dev = Read(network, int.MaxValue);
        float[] logits = new float[dev.Count * network.Classes];
        long start = Stopwatch.GetTimestamp();

        network.Forward(dev.Pixels, dev.Count, logits);

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int correct = Enumerable.Range(0, dev.Count).Count(i => Classifier.Largest(logits.AsSpan(i * network.Classes, network.Classes)) == dev.Labels[i]);
        output.WriteLine($"{model}: {correct} of {dev.Count} correct, {dev.Count / seconds:f0} sentences/s");
        Assert.Equal((count, expected), (dev.Count, correct));
    }

    private static OnnxNetwork Load(string model) => OnnxNetwork.Load(Path.Combine(Folder, model + ".onnx"), new EngineOptions { Threads = 1 });

    private static LabelledImages Read(OnnxNetwork network, int limit) => TextSets.Open(Folder, network, ImageSplit.Test, limit);
}
