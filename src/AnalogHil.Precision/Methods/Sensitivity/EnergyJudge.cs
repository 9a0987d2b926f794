using AnalogHil.Core.Numerics;
using AnalogHil.Engine;
using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Methods.Sensitivity;

/// <summary>Noisy cross entropy of candidates on the last images of a task, with the same noise for all: their difference has far less noise than either.</summary>
internal sealed class EnergyJudge(MethodTask task, int images)
{
    /// <summary>Images judged on: those asked for, at most half of what there is.</summary>
    public int Images { get; } = Math.Min(images, task.Images.Count / 2);

    /// <summary>Loss of each judging image, nats.</summary>
    public double[] Losses(double[] energy, CancellationToken cancellationToken)
    {
        NodeNoise[] noise = task.Noise.At(task.Layout.Spread(energy));
        ulong seed = GaussianKey.Derive(task.Seed, 0x70D6E).Value;
        int classes = task.Network.Classes;
        int start = task.Images.Count - Images;
        float[] logits = new float[task.Batch * classes];
        double[] losses = new double[Images];
        for (int first = 0; first < Images; first += task.Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int batch = Math.Min(task.Batch, Images - first);
            Span<float> rows = logits.AsSpan(0, batch * classes);
            task.Network.Forward(task.Images.Slice(start + first, batch).Span, batch, rows, new NoiseInjection(seed, noise, first));
            for (int i = 0; i < batch; i++)
            {
                losses[first + i] = CrossEntropy.Loss(rows.Slice(i * classes, classes), task.Images.Labels.AsSpan(start + first + i, 1));
            }
        }

        return losses;
    }

    /// <summary>By more than a standard error of the paired difference: what the steps start from rests on more images than they do.</summary>
    public static bool ClearlyBetter(double[] candidate, double[] present)
    {
        double[] saved = [.. present.Zip(candidate, (a, b) => a - b)];
        double mean = saved.Average();
        double squares = saved.Sum(value => (value - mean) * (value - mean));
        return mean > Math.Sqrt(squares / ((double)saved.Length * Math.Max(saved.Length - 1, 1)));
    }
}
