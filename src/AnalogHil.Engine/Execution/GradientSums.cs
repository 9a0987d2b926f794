namespace AnalogHil.Engine.Execution;

/// <summary>Per-channel sums of each image, kept apart so that their total does not depend on which thread had which image.</summary>
internal sealed class GradientSums
{
    private readonly int[] _starts;
    private readonly int _channels;
    private readonly double[] _logEnergy;
    private readonly double[] _sensitivity;

    public GradientSums(IReadOnlyList<AnalogNode> nodes, int images)
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
    }

    /// <summary>Images there is room for.</summary>
    public int Images { get; }

    /// <summary>dL / d ln E of one image's channels.</summary>
    public Span<double> LogEnergy(int image, AnalogNode node) => _logEnergy.AsSpan(image * _channels + _starts[node.Index], node.Channels);

    /// <summary>Sensitivity of one image's channels.</summary>
    public Span<double> Sensitivity(int image, AnalogNode node) => _sensitivity.AsSpan(image * _channels + _starts[node.Index], node.Channels);

    /// <summary>Zeroes the first <paramref name="images"/> images.</summary>
    public void Clear(int images)
    {
        Array.Clear(_logEnergy, 0, images * _channels);
        Array.Clear(_sensitivity, 0, images * _channels);
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

    private static void Add(double[] total, Span<double> part)
    {
        for (int c = 0; c < total.Length; c++)
        {
            total[c] += part[c];
        }
    }
}
