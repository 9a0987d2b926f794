using AnalogHil.Core.Numerics;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.Precision.Comparison;

/// <summary>Drop of an allocation on all images, draw by draw; image j and draw r see the same normals under every allocation.</summary>
internal sealed class FixedSetDrops(INetwork network, INoiseModel noise, LabelledImages images, FixedSetOptions options)
{
    private readonly Dictionary<(string Point, INetwork Network, INoiseModel Noise, int Draw), double> _known = [];
    private readonly float[] _logits = new float[options.Batch * network.Classes];
    private readonly bool[] _right = new bool[options.Batch];
    private double? _clean;

    public long ImagesPassed { get; private set; }

    public int Images => images.Count;

    /// <summary>Accuracy of the clean network, a fraction.</summary>
    public double Clean(CancellationToken cancellationToken) => _clean ??= Accuracy(network, null, 0, cancellationToken);

    /// <summary>acc_clean - acc_noisy of one draw; clean is always the comparison's own network, noisy the point's.</summary>
    public double Of(EnergyPoint point, int draw, CancellationToken cancellationToken)
    {
        INetwork variant = point.Network ?? network;
        INoiseModel own = point.Noise ?? noise;
        if (!_known.TryGetValue((point.Key, variant, own, draw), out double drop))
        {
            drop = Clean(cancellationToken) - Accuracy(variant, own.At(point.Layers), GaussianKey.Derive(options.Seed, 0xF1BED, (ulong)draw).Value, cancellationToken);
            ImagesPassed += images.Count;
            _known.Add((point.Key, variant, own, draw), drop);
        }

        return drop;
    }

    private double Accuracy(INetwork run, NodeNoise[]? nodes, ulong seed, CancellationToken cancellationToken)
    {
        int right = 0;
        for (int first = 0; first < images.Count; first += options.Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(options.Batch, images.Count - first);
            Span<float> rows = _logits.AsSpan(0, count * network.Classes);
            run.Forward(images.Slice(first, count).Span, count, rows, nodes is null ? null : new NoiseInjection(seed, nodes, first));
            Correctness.Judge(rows, images.Labels.AsSpan(first, count), _right.AsSpan(0, count));
            foreach (bool one in _right.AsSpan(0, count))
            {
                right += one ? 1 : 0;
            }
        }

        return (double)right / images.Count;
    }
}
