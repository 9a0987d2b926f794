using AnalogHil.Engine.Data;
using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Engine.Evaluation;

/// <summary>
/// Measures the accuracy of a model file on a set of images, with noise and rounding or without. Memory does not grow with the number of images; texts
/// (<see cref="TextSets"/>) are small and held as a whole.
/// </summary>
public static class AccuracyEvaluation
{
    /// <summary>Images that input ranges are observed on, as in Garg et al. 2021.</summary>
    public const int CalibrationImages = 160;

    private const int Batch = 32;

    /// <summary>Runs an evaluation.</summary>
    /// <param name="request">What to judge.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told after every batch, on the calling thread; may be null.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <exception cref="ModelImportException">The model cannot be used.</exception>
    /// <exception cref="DataSetException">The images cannot be used, or there are none to observe ranges on.</exception>
    public static EvaluationResult Run(
        EvaluationRequest request, TimeProvider time, Action<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Limit, 1);
        OnnxNetwork network = OnnxNetwork.Load(request.ModelPath, new EngineOptions { Threads = request.Threads });
        if ((request.Noise is not null || request.Quantised) && network.AnalogNodes.Any(node => node.Operands == ProductOperands.TwoActivations))
        {
            // The laws are those of devices that hold one operand; they leave products of two activations to digital hardware.
            network = network.WithDigitalActivationProducts();
        }

        if (TextSets.Holds(request.DataDirectory, network, request.Split))
        {
            LabelledImages texts = TextSets.Open(request.DataDirectory, network, request.Split, request.Limit);
            int position = 0;
            return Run(request, network, texts.Name, texts.Count, null, NextTexts, time, progress, cancellationToken);

            int NextTexts(float[] rows, int[] labels)
            {
                int read = Math.Min(labels.Length, texts.Count - position);
                texts.Slice(position, read).Span.CopyTo(rows);
                texts.Labels.AsSpan(position, read).CopyTo(labels);
                position += read;
                return read;
            }
        }

        Preprocessing preprocessing = request.Preprocessing(network);
        using ImageBatches images = ImageSets.OpenBatches(request.DataDirectory, preprocessing, request.Split, network.Classes, request.Limit);
        ObservedImages.RequireFit(images, network);
        return Run(
            request, network, images.Name, images.Count, preprocessing.Source, (pixels, labels) => images.Read(pixels, labels), time, progress, cancellationToken);
    }

    private static EvaluationResult Run(
        EvaluationRequest request, OnnxNetwork network, string data, int count, string? declaration, Func<float[], int[], int> next,
        TimeProvider time, Action<EvaluationProgress>? progress, CancellationToken cancellationToken)
    {
        LabelledImages? calibration = request.Quantised || request.Noise is { UsesInputSpan: true } or { UsesSquares: true }
            ? ObservedImages.Calibration(
                request, network, CalibrationImages,
                "thermal noise, shot noise with fixed gains and 8-bit rounding need the ranges or squares of the layers' inputs")
            : null;
        QuantisationPlan? plan = calibration is null ? null : QuantisationCalibrator.Calibrate(network, calibration.Pixels, calibration.Count);
        OnnxNetwork judged = request.Quantised ? network.Quantised(plan!) : network;
        ProductSquares[]? squares = request.Noise is { UsesSquares: true } ? ProductMoments.Of(judged, calibration!.Pixels, calibration.Count) : null;
        IReadOnlyList<NodeNoise?>? noise = request.Noise is { } laws
            ? judged.Bind([.. judged.AnalogNodes.Select(node => laws.NoiseOf(
                node, plan?.Nodes[node.Index].Input is { } grid ? (double)grid.High - grid.Low : 0, squares?[node.Index]))])
            : null;
        (int top1, int top5, TimeSpan elapsed) = Judge(
            judged, count, next, first => noise is null ? null : new NoiseInjection(request.Seed, noise, first), time, progress, cancellationToken);
        return new EvaluationResult(
            judged, data, declaration, count, top1, judged.Classes >= 5 ? top5 : null, calibration?.Name, calibration?.Count ?? 0, elapsed);
    }

    private static (int Top1, int Top5, TimeSpan Elapsed) Judge(
        OnnxNetwork network, int count, Func<float[], int[], int> next, Func<long, NoiseInjection?> noise, TimeProvider time, Action<EvaluationProgress>? progress, CancellationToken cancellationToken)
    {
        int batch = Math.Min(Batch, count);
        float[] pixels = new float[batch * network.InputShape.Size];
        int[] labels = new int[batch];
        float[] logits = new float[batch * network.Classes];
        (int done, int top1, int top5) = (0, 0, 0);
        long start = time.GetTimestamp();
        for (int read = next(pixels, labels); read > 0; read = next(pixels, labels))
        {
            cancellationToken.ThrowIfCancellationRequested();
            network.Forward(pixels, read, logits, noise(done));
            for (int i = 0; i < read; i++)
            {
                int rank = RankOf(labels[i], logits.AsSpan(i * network.Classes, network.Classes));
                top1 += rank < 1 ? 1 : 0;
                top5 += rank < 5 ? 1 : 0;
            }

            done += read;
            progress?.Invoke(new EvaluationProgress(done, count, top1, time.GetElapsedTime(start)));
        }

        return (top1, top5, time.GetElapsedTime(start));
    }

    /// <summary>How many classes come before this one by logit; of equal logits the first class comes first. A logit that is no number comes last.</summary>
    internal static int RankOf(int label, ReadOnlySpan<float> logits)
    {
        float own = logits[label];
        if (float.IsNaN(own))
        {
            return logits.Length;
        }

        int before = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            before += logits[i] > own || (logits[i] == own && i < label) ? 1 : 0;
        }

        return before;
    }
}
