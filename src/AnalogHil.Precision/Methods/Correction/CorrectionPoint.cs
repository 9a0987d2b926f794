using System.Collections.Immutable;
using AnalogHil.Engine;
using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Methods.Correction;

/// <summary>Gains, offsets and, where asked, weights on their way: Adam on each, in units that make steps of all layers alike.</summary>
internal sealed class CorrectionPoint
{
    private readonly ITrainableNetwork _network;
    private readonly Layer[] _layers;

    public CorrectionPoint(ITrainableNetwork network, CorrectionOptions options)
    {
        _network = network;
        _layers = [.. network.AnalogNodes.Select(node => new Layer(node, options, options.From?.Corrections?[node.Index]))];
    }

    /// <summary>The network at this point.</summary>
    public ITrainableNetwork Network() => Make(layer => layer.Values, layer => layer.Weights);

    /// <summary>The network at the mean of the averaged points.</summary>
    public ITrainableNetwork MeanNetwork() => Make(layer => layer.Mean, layer => layer.MeanWeights);

    /// <summary>Corrections at the mean.</summary>
    public ImmutableArray<NodeCorrection?> MeanCorrections() => [.. _layers.Select(layer => layer.Correction(layer.Mean))];

    /// <summary>One step of Adam down the gradient of the mean loss.</summary>
    public void Step(NodeGradient[] gradients, int images)
    {
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i].Step(gradients[i], images);
        }
    }

    /// <summary>Takes the present point into the mean, as its <paramref name="count"/>-th.</summary>
    public void Average(int count)
    {
        foreach (Layer layer in _layers)
        {
            layer.Average(count);
        }
    }

    private ITrainableNetwork Make(Func<Layer, double[]> values, Func<Layer, double[]?> weights)
    {
        ITrainableNetwork result = _network.Corrected([.. _layers.Select(layer => layer.Correction(values(layer)))]);
        return _layers.Any(layer => weights(layer) is not null)
            ? result.WithWeights([.. _layers.Select(layer => layer.WeightsOf(weights(layer)))])
            : result;
    }

    private sealed class Layer
    {
        private readonly int _channels;
        private readonly double[] _scale;
        private readonly double _weightScale;
        private readonly AdamSteps _adam;
        private readonly AdamSteps? _weightAdam;
        private readonly bool _hasWeights;
        private readonly ReadOnlyMemory<float> _start;

        public Layer(AnalogNode node, CorrectionOptions options, NodeCorrection? from)
        {
            _hasWeights = node.Operands == ProductOperands.Weights;
            _channels = node.Channels;
            _start = node.Weights;
            _scale = new double[_channels];
            Values = new double[_hasWeights ? 2 * _channels : 0];
            Mean = new double[Values.Length];
            _adam = new AdamSteps(Values.Length, options.CorrectionRate);
            double all = 0;
            for (int channel = 0; _hasWeights && channel < _channels; channel++)
            {
                double squares = 0;
                foreach (float weight in node.Weights.Span.Slice(channel * node.DotLength, node.DotLength))
                {
                    squares += (double)weight * weight;
                }

                // A channel's norm: what inputs of size one, with random signs, would put out.
                _scale[channel] = Math.Sqrt(squares);
                all += squares;
                if (from is not null)
                {
                    Values[channel] = Math.Log(from.Gain[channel]);
                    Values[_channels + channel] = _scale[channel] > 0 ? from.Offset[channel] / _scale[channel] : 0;
                }
            }

            Values.CopyTo(Mean, 0);
            if (_hasWeights && options.WeightRate > 0)
            {
                _weightScale = Math.Sqrt(all / node.Weights.Length);
                Weights = new double[node.Weights.Length];
                MeanWeights = new double[node.Weights.Length];
                _weightAdam = new AdamSteps(Weights.Length, options.WeightRate);
            }
        }

        /// <summary>ln gain of each channel, then its offset in units of the channel's norm.</summary>
        public double[] Values { get; }

        public double[] Mean { get; }

        /// <summary>Change of each weight in units of the layer's root mean square; null where weights are not learned.</summary>
        public double[]? Weights { get; }

        public double[]? MeanWeights { get; }

        public NodeCorrection? Correction(double[] values) => !_hasWeights
            ? null
            : new NodeCorrection(
                [.. values.Take(_channels).Select(value => (float)Math.Exp(value))],
                [.. values.Skip(_channels).Select((value, channel) => (float)(value * _scale[channel]))]);

        public float[]? WeightsOf(double[]? change) =>
            change is null ? null : [.. change.Select((value, k) => (float)(_start.Span[k] + value * _weightScale))];

        public void Step(NodeGradient gradient, int images)
        {
            if (!_hasWeights)
            {
                return;
            }

            double[] slope = new double[Values.Length];
            for (int channel = 0; channel < _channels; channel++)
            {
                slope[channel] = gradient.LogGain[channel] / images;
                slope[_channels + channel] = gradient.Offset[channel] * _scale[channel] / images;
            }

            _adam.Step(slope, Values);
            _weightAdam?.Step([.. gradient.Weights.Select(value => value * _weightScale / images)], Weights);
        }

        public void Average(int count)
        {
            for (int j = 0; j < Mean.Length; j++)
            {
                Mean[j] += (Values[j] - Mean[j]) / count;
            }

            for (int k = 0; MeanWeights is not null && k < MeanWeights.Length; k++)
            {
                MeanWeights[k] += (Weights![k] - MeanWeights[k]) / count;
            }
        }
    }
}
