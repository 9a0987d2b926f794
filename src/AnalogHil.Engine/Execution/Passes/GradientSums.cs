using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Engine.Execution.Passes;

/// <summary>Per-channel sums of each image, kept apart so that their total does not depend on which thread had which image.</summary>
internal sealed class GradientSums
{
    private readonly int[] _starts;
    private readonly int _channels;
    private readonly double[] _logEnergy;
    private readonly double[] _sensitivity;
    private readonly double[] _ranges;
    private readonly int _nodes;

    public GradientSums(IReadOnlyList<AnalogNode> nodes, int images, bool learnsRanges)
    {
        Images = images;
        _starts = new int[nodes.Count];
        for (int i = 0; i < nodes.Count; i++)
        {
            _starts[i] = _channels;
            _channels += nodes[i].Channels;
        }

        _logEnergy = new double[(long)images * _channels];
        _sensitivity = new double[(long)images * _channels];
        _nodes = nodes.Count;
        _ranges = new double[learnsRanges ? 2L * images * _nodes : 0];
    }

    /// <summary>Images there is room for.</summary>
    public int Images { get; }

    /// <summary>dL / d ln E of one image's channels.</summary>
    public Span<double> LogEnergy(int image, AnalogNode node) => _logEnergy.AsSpan(image * _channels + _starts[node.Index], node.Channels);

    /// <summary>Sensitivity of one image's channels.</summary>
    public Span<double> Sensitivity(int image, AnalogNode node) => _sensitivity.AsSpan(image * _channels + _starts[node.Index], node.Channels);

    /// <summary>dL / d low and high end of the clipping range of one image and node; only where ranges are learned.</summary>
    public Span<double> Range(int image, int node) => _ranges.AsSpan(2 * (image * _nodes + node), 2);

    /// <summary>Zeroes the first <paramref name="images"/> images.</summary>
    public void Clear(int images)
    {
        Array.Clear(_logEnergy, 0, images * _channels);
        Array.Clear(_sensitivity, 0, images * _channels);
        Array.Clear(_ranges);
    }

    /// <summary>Adds the first <paramref name="images"/> images, in order.</summary>
    public void Drain(int images, IReadOnlyList<AnalogNode> nodes, double[][] logEnergy, double[][] sensitivity)
    {
        for (int image = 0; image < images; image++)
        {
            foreach (AnalogNode node in nodes)
            {
                Add(logEnergy[node.Index], LogEnergy(image, node));
                Add(sensitivity[node.Index], Sensitivity(image, node));
            }
        }
    }

    /// <summary>Adds the range gradients of the first <paramref name="images"/> images, in order.</summary>
    public void Drain(int images, RangeGradient[] ranges)
    {
        for (int image = 0; image < images; image++)
        {
            for (int node = 0; node < ranges.Length; node++)
            {
                Span<double> part = Range(image, node);
                ranges[node] = new RangeGradient(ranges[node].Low + part[0], ranges[node].High + part[1]);
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
