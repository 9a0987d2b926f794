using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Data;

namespace AnalogHil.Precision.Learning;

/// <summary>Batches in a random order, every image once before any comes again; buffers are reused.</summary>
internal sealed class BatchSampler
{
    private readonly LabelledImages _images;
    private readonly int[] _order;
    private readonly ulong _seed;
    private int _next;
    private ulong _round;

    public BatchSampler(LabelledImages images, int available, int batch, ulong seed)
    {
        _images = images;
        _seed = seed;
        _order = [.. Enumerable.Range(0, available)];
        _next = available;
        Pixels = new float[Math.Min(batch, available) * images.Shape.Size];
        Labels = new int[Math.Min(batch, available)];
        Indices = new int[Labels.Length];
    }

    /// <summary>[batch x C x H x W] of the present batch.</summary>
    public float[] Pixels { get; }

    /// <summary>[batch] of the present batch.</summary>
    public int[] Labels { get; }

    /// <summary>[batch] of the present batch: which of the images they are.</summary>
    public int[] Indices { get; }

    public void Next()
    {
        int size = _images.Shape.Size;
        for (int i = 0; i < Labels.Length; i++)
        {
            if (_next == _order.Length)
            {
                Permutation.Shuffle(_order, GaussianKey.Derive(_seed, _round++).Value);
                _next = 0;
            }

            int image = _order[_next++];
            Indices[i] = image;
            Labels[i] = _images.Labels[image];
            _images.Slice(image, 1).Span.CopyTo(Pixels.AsSpan(i * size, size));
        }
    }
}
