using System.Diagnostics;
using AnalogHil.Engine.Data;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Models;

public sealed class PretrainedModelTests(ITestOutputHelper output)
{
    [SharedDataTheory]
    [InlineData("lenet-mnist", 2_293_000, 4)]
    [InlineData("mobilenetv2", 300_775_552, 53)]
    [InlineData("resnet20-cifar10", 40_551_040, 20)]
    [InlineData("resnet50", 3_857_973_248, 54)]
    [InlineData("resnet56-cifar10", 125_485_696, 56)]
    [InlineData("squeezenet1.1", 349_151_936, 26)]
    public void Load_PretrainedModel_ReproducesLogitsAndCounts(string model, long macs, int products)
    {
        long start = Stopwatch.GetTimestamp();
        OnnxNetwork network = OnnxNetwork.Load(SharedData.Model(model), new EngineOptions { Threads = 1 });
        TimeSpan loading = Stopwatch.GetElapsedTime(start);
        NpyArray<float> input = NpyReader.Read<float>(SharedData.Golden(model, "input_first2.npy"));
        NpyArray<float> golden = NpyReader.Read<float>(SharedData.Golden(model, "logits_first8.npy"));
        float[] logits = new float[2 * network.Classes];

        start = Stopwatch.GetTimestamp();
        network.Forward(input.Values, 2, logits);

        TimeSpan running = Stopwatch.GetElapsedTime(start);
        double worst = logits.Zip(golden.Values, (a, b) => (double)Math.Abs(a - b)).Max();
        output.WriteLine(
            $"{model}: largest deviation {worst:g3}; loaded in {loading.TotalMilliseconds:f0} ms, two images, first call, {running.TotalMilliseconds:f0} ms");
        Assert.Equal([2, .. new[] { network.InputShape.Channels, network.InputShape.Height, network.InputShape.Width }], input.Dims);
        Assert.Equal([8, network.Classes], golden.Dims);
        Assert.True(worst <= 1e-3, $"largest deviation {worst}");
        Assert.Equal((macs, products), (network.AnalogNodes.Sum(node => node.Macs), network.AnalogNodes.Count));
        Assert.Equal(MacTable.Read(Path.Combine(SharedData.Root, "models", "macs", model + ".macs.csv")), MacTable.Of(network));
    }
}
