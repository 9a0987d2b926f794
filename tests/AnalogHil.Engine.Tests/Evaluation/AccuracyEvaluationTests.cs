using AnalogHil.Core.Statistics;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Engine.Tests.Models;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Evaluation;

public sealed class AccuracyEvaluationTests(ITestOutputHelper output)
{
    private static readonly string Fashion = Path.Combine(Repository.Root, "data", "fashion-mnist");
    private static readonly string Declarations = Path.Combine(Repository.Root, "config", "preprocessing");

    [Fact]
    public void Run_FewImages_CountsWhatTheForwardPassChooses()
    {
        const int Count = 203;
        OnnxNetwork network = OnnxNetwork.Load(Repository.Model("fashion-lenet"));
        float[] logits = new float[Count * 10];
        network.Forward(Repository.Test.Slice(0, Count).Span, Count, logits);
        int[] ranks = [.. Enumerable.Range(0, Count).Select(i => Array.IndexOf(
            [.. Enumerable.Range(0, 10).OrderByDescending(c => logits[i * 10 + c])], Repository.Test.Labels[i]))];
        var reports = new List<EvaluationProgress>();

        EvaluationResult result = AccuracyEvaluation.Run(Request("fashion-lenet") with { Limit = Count }, TimeProvider.System, reports.Add);

        Assert.Equal((Count, ranks.Count(rank => rank == 0), ranks.Count(rank => rank < 5)), (result.Images, result.Top1, result.Top5));
        Assert.InRange(result.Top1, 1, Count - 1);
        Assert.Equal(ProportionInterval.Wilson(result.Top1, Count), result.Top1Interval);
        Assert.Equal("fashion-mnist/t10k", result.Data);
        Assert.Null(result.Calibration);
        Assert.Equal((Count, Count, result.Top1), (reports[^1].Done, reports[^1].Total, reports[^1].Correct));
        Assert.True(reports.Count > 1 && reports[0].Done < Count);
    }

    [Fact]
    public void Run_Noise_IsTheSameForAnyThreadsAndOtherForAnotherSeed()
    {
        EvaluationRequest request = Request("fashion-lenet") with { Limit = 500, Noise = Laws("weight:0.3+shot:0.2"), Seed = 3, Threads = 1 };

        EvaluationResult one = AccuracyEvaluation.Run(request, TimeProvider.System);
        EvaluationResult two = AccuracyEvaluation.Run(request with { Threads = 2 }, TimeProvider.System);
        int[] others = [.. Enumerable.Range(4, 3).Select(seed => AccuracyEvaluation.Run(request with { Seed = (ulong)seed }, TimeProvider.System).Top1)];
        EvaluationResult clean = AccuracyEvaluation.Run(request with { Noise = null }, TimeProvider.System);

        output.WriteLine($"noisy {one.Top1}, other seeds {string.Join(", ", others)}, clean {clean.Top1} of 500");
        Assert.Equal((one.Top1, one.Top5), (two.Top1, two.Top5));
        Assert.Contains(others, other => other != one.Top1);
        Assert.True(one.Top1 < clean.Top1 - 20, $"{one.Top1} of 500 with noise, {clean.Top1} without");
    }

    [Fact]
    public void Run_ThermalNoise_ObservesRangesOnCalibrationImagesAndFadesWithEnergy()
    {
        EvaluationRequest request = Request("fashion-lenet") with { Limit = 500, Noise = Laws("thermal:0.2") };

        EvaluationResult noisy = AccuracyEvaluation.Run(request, TimeProvider.System);
        EvaluationResult quiet = AccuracyEvaluation.Run(request with { Noise = Laws("thermal:0.2@1e6") }, TimeProvider.System);
        EvaluationResult clean = AccuracyEvaluation.Run(request with { Noise = null }, TimeProvider.System);

        output.WriteLine($"{noisy.Top1} at E = 1, {quiet.Top1} at 1e6, {clean.Top1} without noise, of 500");
        Assert.Equal(("fashion-mnist/calib", AccuracyEvaluation.CalibrationImages), (noisy.Calibration, noisy.CalibrationImages));
        Assert.True(noisy.Top1 < clean.Top1 - 20);
        Assert.InRange(quiet.Top1, clean.Top1 - 2, clean.Top1 + 2);
    }

    [Fact]
    public void Run_Quantised_LosesLittle()
    {
        EvaluationRequest request = Request("fashion-resnet") with { Limit = 300 };

        EvaluationResult rounded = AccuracyEvaluation.Run(request with { Quantised = true }, TimeProvider.System);
        EvaluationResult exact = AccuracyEvaluation.Run(request, TimeProvider.System);

        Assert.Equal("fashion-mnist/calib", rounded.Calibration);
        Assert.NotEqual(exact.Network.AnalogNodes[0].Weights.ToArray(), rounded.Network.AnalogNodes[0].Weights.ToArray());
        Assert.InRange(rounded.Top1, exact.Top1 - 6, exact.Top1 + 6);
    }

    [Theory]
    [InlineData(new float[] { 1, 3, 2 }, 0, 2)]
    [InlineData(new float[] { 1, 3, 2 }, 1, 0)]
    [InlineData(new float[] { 2, 2, 2 }, 0, 0)]
    [InlineData(new float[] { 2, 2, 2 }, 2, 2)]
    [InlineData(new float[] { float.NaN, 1 }, 1, 0)]
    [InlineData(new float[] { float.NaN, 1 }, 0, 2)]
    public void RankOf_Logits_CountsThoseBefore(float[] logits, int label, int rank) => Assert.Equal(rank, AccuracyEvaluation.RankOf(label, logits));

    /// <summary>Everyday part of the comparison with the accuracies that come with the shared models.</summary>
    [JpegTheory]
    [InlineData("mobilenetv2", 40)]
    public void Run_FirstPictures_ReproducesRecordedChoices(string model, int count)
    {
        string[] lines = File.ReadAllLines(SharedData.Golden(model, "top5.csv"));
        int label = Array.IndexOf(lines[0].Split(','), "label");
        string[][] cells = [.. lines.Skip(1).Take(count).Select(line => line.Split(','))];
        int expected = cells.Count(line => line[label] == line[label + 1]);

        EvaluationResult result = AccuracyEvaluation.Run(Shared(model) with { Limit = count }, TimeProvider.System);

        Assert.Equal((count, Path.Combine(Declarations, model + ".json")), (result.Images, result.Preprocessing));
        Assert.InRange(result.Top1, expected - 1, expected + 1);
    }

    [SharedDataTheory]
    [InlineData("sst2-bert-mini", 712, 872)]
    public void Run_Texts_ReproducesAccuracyAndKeepsActivationProductsDigitalUnderNoise(string model, int top1, int count)
    {
        string folder = Path.Combine(SharedData.Root, "sst2");
        var request = new EvaluationRequest(
            Path.Combine(folder, model + ".onnx"), folder, _ => throw new InvalidOperationException("texts have no pixels"));

        EvaluationResult clean = AccuracyEvaluation.Run(request, TimeProvider.System);
        EvaluationResult noisy = AccuracyEvaluation.Run(request with { Limit = 100, Noise = Laws("thermal:0.01@100") }, TimeProvider.System);

        Assert.Equal((count, null), (clean.Images, clean.Top5));
        Assert.InRange(clean.Top1, top1 - 1, top1 + 1);
        Assert.Empty(clean.Network.DigitalProducts);
        Assert.Equal(6, noisy.Network.DigitalProducts.Count);
        Assert.Equal(AccuracyEvaluation.CalibrationImages, noisy.CalibrationImages);
    }

    [JpegTheory]
    [Trait("Category", "Long")]
    [InlineData("squeezenet1.1", 908, 1173, 1300)]
    [InlineData("mobilenetv2", 1037, 1230, 1300)]
    [InlineData("resnet50", 1054, 1243, 1300)]
    public void Run_AllPictures_ReproducesAccuracyToOneImage(string model, int top1, int top5, int count) => Compare(model, top1, top5, count);

    [SharedDataTheory]
    [Trait("Category", "Long")]
    [InlineData("lenet-mnist", 9894, 9999, 10_000)]
    [InlineData("resnet20-cifar10", 9173, 9966, 10_000)]
    [InlineData("resnet56-cifar10", 9339, 9977, 10_000)]
    public void Run_WholeSet_ReproducesAccuracyToOneImage(string model, int top1, int top5, int count) => Compare(model, top1, top5, count);

    private void Compare(string model, int top1, int top5, int count)
    {
        EvaluationResult result = AccuracyEvaluation.Run(Shared(model), TimeProvider.System);

        output.WriteLine($"{model}: {result.Top1} and {result.Top5} of {result.Images}, {top1} and {top5} expected, {result.Elapsed.TotalSeconds:f1} s");
        Assert.Equal(count, result.Images);
        Assert.InRange(result.Top1, top1 - 1, top1 + 1);
        Assert.InRange(result.Top5!.Value, top5 - 1, top5 + 1);
    }

    private static EvaluationRequest Request(string model) =>
        new(Repository.Model(model), Fashion, network => Preprocessing.ForModel(Repository.Model(model), network.Sha256, Declarations));

    private static EvaluationRequest Shared(string model) => new(
        SharedData.Model(model), DeclaredPreprocessing.ImageSet(model), network => Preprocessing.ForModel(SharedData.Model(model), network.Sha256, Declarations));

    private static ReferenceLaws Laws(string text) =>
        ReferenceLaws.TryParse(text, out ReferenceLaws? laws, out string? problem) ? laws : throw new InvalidOperationException(problem);
}
