using AnalogHil.Core.Numerics;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Precision.Search.Drops;

/// <summary>Drops on the model route with common random numbers: image j and draw r see the same normals under every allocation. An allocation may have a network of its own; drops count from the clean one of this source.</summary>
internal sealed class ModelRouteDrops(INetwork network, INoiseModel model, LabelledImages images, int batch, ulong seed) : IDropSource
{
    private readonly bool[] _clean = new bool[images.Count];
    private readonly float[] _logits = new float[batch * network.Classes];
    private readonly bool[] _right = new bool[batch];
    private int _cleanDone;

    public int Images => images.Count;

    public DropSample Open(EnergyPoint point) => new(point, (point.Noise ?? model).At(point.Layers), _clean);

    public void Extend(DropSample sample, int images, int seeds, CancellationToken cancellationToken)
    {
        Clean(images, cancellationToken);

        INetwork noisy = sample.Point.Network is { } own ? (network as CountingNetwork)?.Around(own) ?? own : network;
        for (int draw = 0; draw < seeds; draw++)
        {
            ulong drawSeed = GaussianKey.Derive(seed, 0xD206, (ulong)draw).Value;
            int start = draw < sample.Seeds ? sample.Images : 0;
            for (int first = start; first < images; first += batch)
            {
                int count = Math.Min(batch, images - first);
                sample.Add(first, Run(noisy, first, count, new NoiseInjection(drawSeed, sample.Noise, first), cancellationToken));
            }
        }

        sample.Complete(images, seeds);
    }

    /// <summary>Refuses images whose labels the network does not know better than by chance.</summary>
    public void RequireBetterThanChance(CancellationToken cancellationToken)
    {
        var agreement = new ChanceAgreement(network, images);
        Clean(Math.Min(ChanceAgreement.Telling, images.Count), cancellationToken, agreement);
        agreement.Require();
    }

    private void Clean(int count, CancellationToken cancellationToken, ChanceAgreement? agreement = null)
    {
        while (_cleanDone < count)
        {
            int next = Math.Min(batch, count - _cleanDone);
            Run(network, _cleanDone, next, null, cancellationToken).CopyTo(_clean.AsSpan(_cleanDone));
            agreement?.Add(_logits.AsSpan(0, next * network.Classes), images.Labels.AsSpan(_cleanDone, next));
            _cleanDone += next;
        }
    }

    private ReadOnlySpan<bool> Run(INetwork run, int first, int count, NoiseInjection? noise, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Span<float> rows = _logits.AsSpan(0, count * network.Classes);
        run.Forward(images.Slice(first, count).Span, count, rows, noise);
        Correctness.Judge(rows, images.Labels.AsSpan(first, count), _right.AsSpan(0, count));
        return _right.AsSpan(0, count);
    }
}
