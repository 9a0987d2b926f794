using System.Diagnostics;
using AnalogHil.Engine.Data;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests;

public sealed class OnnxNetworkTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("fashion-lenet")]
    [InlineData("fashion-resnet")]
    public void Forward_GoldenImages_ReproducesLogits(string model)
    {
        OnnxNetwork network = OnnxNetwork.Load(Repository.Model(model));
        NpyArray<float> golden = NpyReader.Read<float>(Path.Combine(Repository.Root, "models", model + ".golden.npy"));
        float[] logits = new float[8 * network.Classes];

        network.Forward(Repository.Test.Pixels, 8, logits);

        double worst = logits.Zip(golden.Values, (a, b) => (double)Math.Abs(a - b)).Max();
        output.WriteLine($"{model}: largest deviation {worst:g3}");
        Assert.Equal([8, 10], golden.Dims);
        Assert.True(worst <= 1e-4, $"largest deviation {worst}");
    }

    [Theory]
    [InlineData("fashion-lenet", 9200)]
    [InlineData("fashion-resnet", 9301)]
    public void Forward_WholeTestSet_ReproducesAccuracyToOneImage(string model, int expected)
    {
        OnnxNetwork network = OnnxNetwork.Load(Repository.Model(model));
        LabelledImages test = Repository.Test;
        float[] logits = new float[test.Count * network.Classes];
        var watch = Stopwatch.StartNew();

        network.Forward(test.Pixels, test.Count, logits);

        watch.Stop();
        int correct = Enumerable.Range(0, test.Count).Count(i =>
        {
            ReadOnlySpan<float> row = logits.AsSpan(i * network.Classes, network.Classes);
            return Classifier.Largest(row) == test.Labels[i];
        });
        output.WriteLine($"{model}: {correct} of {test.Count} correct, {watch.ElapsedMilliseconds} ms");
        Assert.InRange(correct, expected - 1, expected + 1);
    }
}
