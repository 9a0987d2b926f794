using AnalogHil.Engine.Execution.Products;
using AnalogHil.Engine.Execution.Steps;
using AnalogHil.Engine.Graph.Operations.Products;

namespace AnalogHil.Engine.Execution.Passes;

/// <summary>Gradients in gains, offsets and weights of each image, kept apart so that their total does not depend on which thread had which image.</summary>
internal sealed class ParameterSums
{
    private readonly IReadOnlyList<AnalogStep> _steps;
    private readonly int[] _channelStarts;
    private readonly int[] _weightStarts;
    private readonly int _channels;
    private readonly int _weights;
    private readonly double[] _logGain;
    private readonly double[] _offset;
    private readonly float[] _weightSums;

    public ParameterSums(IReadOnlyList<AnalogStep> steps, int images, bool withWeights)
    {
        _steps = steps;
        WithWeights = withWeights;
        _channelStarts = new int[steps.Count];
        _weightStarts = new int[steps.Count];
        for (int i = 0; i < steps.Count; i++)
        {
            _channelStarts[i] = _channels;
            _weightStarts[i] = _weights;
            _channels += steps[i].Node.Channels;
            _weights += steps[i].Node.Weights.Length;
        }

        _logGain = new double[images * _channels];
        _offset = new double[images * _channels];
        _weightSums = new float[withWeights ? (long)images * _weights : 0];
        Totals = [.. steps.Select(step => new NodeGradient(new double[step.Node.Channels], new double[step.Node.Channels], new double[withWeights ? step.Node.Weights.Length : 0]))];
    }

    /// <summary>Whether weights have gradients too.</summary>
    public bool WithWeights { get; }

    /// <summary>What has been drained so far.</summary>
    public NodeGradient[] Totals { get; }

    /// <summary>dL / d ln gain of one image.</summary>
    public Span<double> LogGain(int image, AnalogNode node) => _logGain.AsSpan(image * _channels + _channelStarts[node.Index], node.Channels);

    /// <summary>dL / d offset of one image.</summary>
    public Span<double> Offset(int image, AnalogNode node) => _offset.AsSpan(image * _channels + _channelStarts[node.Index], node.Channels);

    /// <summary>dL / d (gain x weight) of one image, overwritten by it.</summary>
    public Span<float> Weights(int image, AnalogNode node) => _weightSums.AsSpan(image * _weights + _weightStarts[node.Index], node.Weights.Length);

    /// <summary>Zeroes what is added to.</summary>
    public void Clear()
    {
        Array.Clear(_logGain);
        Array.Clear(_offset);
        Array.Clear(_weightSums);
    }

    /// <summary>Adds the first <paramref name="images"/> images, in order, to the totals.</summary>
    public void Drain(int images)
    {
        for (int image = 0; image < images; image++)
        {
            foreach (AnalogStep step in _steps)
            {
                NodeGradient total = Totals[step.Node.Index];
                Add(total.LogGain, LogGain(image, step.Node));
                Add(total.Offset, Offset(image, step.Node));
                if (!WithWeights || step is not ProductStep product)
                {
                    continue;
                }

                ProductOperation operation = product.Operation;
                int length = operation.Geometry.DotLength;
                Span<float> part = Weights(image, step.Node);
                for (int channel = 0; channel < step.Node.Channels; channel++)
                {
                    float gain = operation.Gain?[channel] ?? 1;
                    for (int k = channel * length; k < (channel + 1) * length; k++)
                    {
                        total.Weights[k] += gain * part[k];
                    }
                }
            }
        }
    }

    private static void Add(double[] total, Span<double> part)
    {
        for (int c = 0; c < total.Length; c++)
        {
            total[c] += part[c];
        }
    }
}
