using AnalogHil.Core.Numerics;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>Weights of a <see cref="RowProduct"/> in the order its kernel reads: its own, or a copy that held noise has moved.</summary>
internal sealed class ProductWeights
{
    private readonly List<PackedMatrix> _groups = [];

    /// <summary>[taps x channels] of a depthwise product; empty for others.</summary>
    public float[] Depthwise { get; private set; } = [];

    /// <summary>Bytes held.</summary>
    public long Bytes
    {
        get
        {
            long floats = Depthwise.LongLength;
            for (int i = 0; i < _groups.Count; i++)
            {
                floats += _groups[i].Panels.LongLength;
            }

            return floats * sizeof(float);
        }
    }

    /// <summary>The weights of one group, [taps x source channels] x [result channels]; empty where there was none before.</summary>
    public PackedMatrix Group(int group)
    {
        while (_groups.Count <= group)
        {
            _groups.Add(PackedMatrix.Empty());
        }

        return _groups[group];
    }

    /// <summary>Adds a group.</summary>
    public void Add(PackedMatrix weights) => _groups.Add(weights);

    /// <summary>At least [taps x channels]; contents are lost where it grows.</summary>
    public float[] ReserveDepthwise(int count) => Depthwise = count > Depthwise.Length ? new float[count] : Depthwise;
}
