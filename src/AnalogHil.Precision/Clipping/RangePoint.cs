using AnalogHil.Engine;
using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Clipping;

/// <summary>Full scales on their way: of each node ln of its input range over the widest, then ln of each channel's limit over its largest weight; none
/// above 0.</summary>
internal sealed class RangePoint
{
    // A twentieth of the range: nothing learned so far came near it.
    private const double Narrowest = -3;
    private const double Difference = 1e-3;

    private readonly ClipFit _fit;
    private readonly NodeClip[] _wide;
    private readonly double[][] _values;
    private readonly double[][] _mean;
    private readonly double[][][] _variances;
    private readonly double[][] _magnitudes;
    private readonly AdamSteps[] _adam;

    public RangePoint(ClipFit fit, NodeClip[] start, double rate)
    {
        _fit = fit;
        _wide = fit.Wide();
        IReadOnlyList<AnalogNode> nodes = fit.Network.AnalogNodes;
        _variances = [.. nodes.Select(node => Enumerable.Range(0, node.Channels).Select(channel => fit.VariancesOf(node, channel)).ToArray())];
        _magnitudes =
        [
            .. nodes.Select(node => Enumerable.Range(0, node.Channels).Select(channel => WeightClip.Magnitude(ClipChoice.WeightsOf(node, channel))).ToArray()),
        ];
        _values =
        [
            .. nodes.Select(node => (double[])
            [
                LogShare(Span(start[node.Index]), Span(_wide[node.Index])),
                .. start[node.Index].Weights.Select((clip, channel) => LogShare(Math.Max(-clip.Low, clip.High), _magnitudes[node.Index][channel])),
            ]),
        ];
        _mean = [.. _values.Select(values => (double[])values.Clone())];
        _adam = [.. _values.Select(values => new AdamSteps(values.Length, rate))];
    }

    /// <summary>The clips at this point.</summary>
    public NodeClip[] Clips() => At(_values);

    /// <summary>The clips at the mean of the averaged points.</summary>
    public NodeClip[] MeanClips() => At(_mean);

    /// <summary>One step of Adam down the gradient of the mean loss.</summary>
    /// <param name="clips">Those that the gradients were taken at.</param>
    /// <param name="gradients">Of the sum over the images, with ranges and weights.</param>
    /// <param name="images">Images.</param>
    public void Step(NodeClip[] clips, NetworkGradients gradients, int images)
    {
        foreach (AnalogNode node in _fit.Network.AnalogNodes)
        {
            double[] slope = Gradient(node, clips[node.Index], gradients);
            double[] values = _values[node.Index];
            _adam[node.Index].Step([.. slope.Select(value => value / images)], values);
            for (int j = 0; j < values.Length; j++)
            {
                values[j] = Math.Clamp(values[j], Narrowest, 0);
            }
        }
    }

    /// <summary>Takes the present point into the mean, as its <paramref name="count"/>-th.</summary>
    public void Average(int count)
    {
        for (int node = 0; node < _mean.Length; node++)
        {
            for (int j = 0; j < _mean[node].Length; j++)
            {
                _mean[node][j] += (_values[node][j] - _mean[node][j]) / count;
            }
        }
    }

    /// <summary>dL / d of this point's values for one node.</summary>
    internal double[] Gradient(AnalogNode node, NodeClip clip, NetworkGradients gradients)
    {
        double[] energy = gradients.LogEnergy[node.Index];
        NodeGradient parameters = gradients.Parameters![node.Index];
        double[] slope = new double[1 + node.Channels];
        if (_fit.OfInputs)
        {
            Engine.Quantisation.RangeGradient range = gradients.Ranges![node.Index];

            // sigma grows with the input's span, and both ends move by the same factor.
            slope[0] = range.High * clip.InputHigh + range.Low * clip.InputLow - 2 * energy.Sum();
        }

        for (int channel = 0; channel < node.Channels; channel++)
        {
            WeightClip weight = clip.Weights[channel];
            ReadOnlySpan<float> row = ClipChoice.WeightsOf(node, channel);
            double limit = Math.Max(-weight.Low, weight.High);
            (double clipped, double moving) = Clipped(row, parameters.Weights.AsSpan(channel * node.DotLength, node.DotLength), limit);
            double[] variances = _variances[node.Index][channel];
            double wider = Math.Log(WeightClip.At(row, variances, limit * Math.Exp(Difference)).Gain);
            double narrower = Math.Log(WeightClip.At(row, variances, limit * Math.Exp(-Difference)).Gain);
            double gain = (wider - narrower) / (2 * Difference);
            double span = weight.High - weight.Low;
            slope[1 + channel] = clipped + parameters.LogGain[channel] * gain - (span > 0 ? 2 * energy[channel] * moving / span : 0);
        }

        return slope;
    }

    // Sum of gradient x limit over what is at or beyond it, and how much of the span moves with it.
    private static (double Clipped, double Moving) Clipped(ReadOnlySpan<float> weights, ReadOnlySpan<double> gradients, double limit)
    {
        const double Touching = 1 - 1e-6;
        double clipped = 0;
        bool high = false;
        bool low = false;
        for (int j = 0; j < weights.Length; j++)
        {
            if (weights[j] >= limit * Touching)
            {
                clipped += gradients[j] * limit;
                high = true;
            }
            else if (weights[j] <= -limit * Touching)
            {
                clipped -= gradients[j] * limit;
                low = true;
            }
        }

        return (clipped, (high ? limit : 0) + (low ? limit : 0));
    }

    private NodeClip[] At(double[][] values) =>
    [
        .. _fit.Network.AnalogNodes.Select(node =>
        {
            double factor = Math.Exp(values[node.Index][0]);
            return new NodeClip(
                _wide[node.Index].InputLow * factor,
                _wide[node.Index].InputHigh * factor,
                [.. Enumerable.Range(0, node.Channels).Select(channel => WeightClip.At(
                    ClipChoice.WeightsOf(node, channel), _variances[node.Index][channel], _magnitudes[node.Index][channel] * Math.Exp(values[node.Index][1 + channel])))]);
        }),
    ];

    private static double Span(NodeClip clip) => clip.InputHigh - clip.InputLow;

    private static double LogShare(double part, double whole) => whole > 0 && part > 0 ? Math.Clamp(Math.Log(part / whole), Narrowest, 0) : 0;
}
