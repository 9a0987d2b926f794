using System.Diagnostics;
using System.Globalization;
using AnalogHil.Engine.Data;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Models;

public sealed class AccuracyTests(ITestOutputHelper output)
{
    /// <summary>First choices of somebody else's run of the same files, image by image.</summary>
    [SharedDataTheory]
    [InlineData("lenet-mnist", 2000)]
    [InlineData("resnet20-cifar10", 1000)]
    [InlineData("resnet56-cifar10", 200)]
    public void Forward_FirstImages_ChoosesTheRecordedClasses(string model, int count) => CompareChoices(model, count);

    /// <summary>The same for models of JPEG pictures.</summary>
    [JpegTheory]
    [InlineData("squeezenet1.1", 16)]
    [InlineData("mobilenetv2", 16)]
    public void Forward_FirstPictures_ChoosesTheRecordedClasses(string model, int count) => CompareChoices(model, count);

    [SharedDataTheory]
    [Trait("Category", "Long")]
    [InlineData("lenet-mnist", 9894, 10_000)]
    [InlineData("resnet20-cifar10", 9173, 10_000)]
    [InlineData("resnet56-cifar10", 9339, 10_000)]
    public void Forward_WholeSet_ReproducesAccuracyToOneImage(string model, int expected, int count) => CompareAccuracy(model, expected, count);

    [JpegTheory]
    [Trait("Category", "Long")]
    [InlineData("squeezenet1.1", 908, 1300)]
    [InlineData("mobilenetv2", 1037, 1300)]
    [InlineData("resnet50", 1054, 1300)]
    public void Forward_AllPictures_ReproducesAccuracyToOneImage(string model, int expected, int count) => CompareAccuracy(model, expected, count);

    private void CompareChoices(string model, int count)
    {
        (LabelledImages images, int[] chosen, OnnxNetwork network) = Run(model, count);

        string[] lines = File.ReadAllLines(SharedData.Golden(model, "top5.csv"));
        int label = Array.IndexOf(lines[0].Split(','), "label");
        int first = label + 1;
        int offset = DeclaredPreprocessing.Of(model).LabelOffset;
        int[][] recorded = [.. lines.Skip(1).Take(count).Select(line => line.Split(',')[label..(first + 1)].Select(cell => int.Parse(cell, CultureInfo.InvariantCulture) + offset).ToArray())];
        Assert.Equal(recorded.Select(cells => cells[0]), images.Labels);
        int different = chosen.Zip(recorded).Count(pair => pair.First != pair.Second[1]);
        output.WriteLine($"{model}: {different} of {count} first choices differ");
        Assert.InRange(different, 0, 1);
        Assert.Equal(network.InputShape, images.Shape);
    }

    private void CompareAccuracy(string model, int expected, int count)
    {
        (LabelledImages images, int[] chosen, _) = Run(model, count);

        int correct = chosen.Zip(images.Labels).Count(pair => pair.First == pair.Second);
        output.WriteLine($"{model}: {correct} of {count} correct, {expected} expected");
        Assert.Equal(count, images.Count);
        Assert.InRange(correct, expected - 1, expected + 1);
    }

    private (LabelledImages Images, int[] Chosen, OnnxNetwork Network) Run(string model, int count)
    {
        OnnxNetwork network = OnnxNetwork.Load(SharedData.Model(model));
        long start = Stopwatch.GetTimestamp();
        LabelledImages images = ImageSets.Open(DeclaredPreprocessing.ImageSet(model), DeclaredPreprocessing.Of(model), ImageSplit.Test, network.Classes, count);
        double reading = Stopwatch.GetElapsedTime(start).TotalSeconds;
        float[] logits = new float[images.Count * network.Classes];
        start = Stopwatch.GetTimestamp();
        network.Forward(images.Pixels, images.Count, logits);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        output.WriteLine($"{model}: {images.Count} images read in {reading:f2} s, {images.Count / seconds:f0} images/s");
        int[] chosen = [.. Enumerable.Range(0, images.Count).Select(i => Classifier.Largest(logits.AsSpan(i * network.Classes, network.Classes)))];
        return (images, chosen, network);
    }
}
