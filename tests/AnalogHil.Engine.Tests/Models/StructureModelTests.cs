using System.Diagnostics;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Models;

/// <summary>Networks without trained weights: what an importer counts must agree with an independent count.</summary>
public sealed class StructureModelTests(ITestOutputHelper output)
{
    [SharedDataTheory]
    [InlineData("resnet50", 4_089_184_256, 54)]
    [InlineData("mobilenet_v2", 300_774_272, 53)]
    [InlineData("inception_v3", 5_713_216_096, 95)]
    [InlineData("googlenet", 1_498_376_192, 58)]
    [InlineData("shufflenet_v2_x1_0", 144_907_992, 57)]
    [InlineData("bert_base_s128", 11_174_217_984, 98)]
    public void Load_StructureModel_CountsEveryProduct(string model, long macs, int products)
    {
        string path = Path.Combine(SharedData.Root, "models", "structure", model + "_structure");
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();

        OnnxNetwork network = OnnxNetwork.Load(path + ".onnx", new EngineOptions { Threads = 1 });

        TimeSpan loading = Stopwatch.GetElapsedTime(start);
        double bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        long weights = network.AnalogNodes.Sum(node => (long)node.Weights.Length);
        output.WriteLine($"{model}: loaded in {loading.TotalMilliseconds:f0} ms, {bytes / 1048576:f0} MiB allocated for {weights / 1e6:f1} million weights");
        Assert.Equal((macs, products), (network.AnalogNodes.Sum(node => node.Macs), network.AnalogNodes.Count));
        Assert.Equal(MacTable.Read(path + ".macs.csv"), MacTable.Of(network));
        // Stored or filled once, put in patch order, perhaps folded: three copies of four bytes at most, and what the graph needs itself.
        Assert.InRange(bytes, 0, 12.0 * weights + (16 << 20));
    }

    [SharedDataTheory]
    [InlineData("shufflenet_v2_x1_0")]
    [InlineData("googlenet")]
    [InlineData("inception_v3")]
    public void Forward_StructureModel_RunsAndIsFinite(string model)
    {
        string path = Path.Combine(SharedData.Root, "models", "structure", model + "_structure.onnx");
        OnnxNetwork network = OnnxNetwork.Load(path, new EngineOptions { Threads = 1 });
        float[] logits = new float[network.Classes];

        network.Forward(Onnx.ModelWriter.Images(network, 1), 1, logits);

        Assert.All(logits, logit => Assert.True(float.IsFinite(logit)));
    }
}
