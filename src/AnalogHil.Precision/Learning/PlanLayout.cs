using System.Collections.Immutable;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Precision.Learning;

/// <summary>The entries that are learned (layers, or channels of layers) and the way between them, per-layer arrays and plans.</summary>
public sealed class PlanLayout
{
    // A channel that the data never excites would get E -> 0; a hundredth of its layer's mean keeps it alive at a tenth of the mean energy.
    private const double ChannelFloor = 1e-2;

    private readonly AnalogNode[] _nodes;
    private readonly int[] _passes;
    private readonly int[] _first;
    private readonly int[][]? _rows;

    /// <summary>Lays out a network as it sits on a device, where a repeat may take two passes.</summary>
    /// <exception cref="PrecisionException">Row groups are asked for, and the device has none to tell apart.</exception>
    public PlanLayout(NetworkOnDevice network, Granularity granularity, RedundancyMode mode)
        : this(
            network.Nodes, granularity, mode, [.. network.Scales.Select(scale => scale.Passes)],
            granularity == Granularity.Rows ? [.. network.Scales.Select(scale => scale.RowStarts)] : null)
    {
    }

    /// <summary>Lays out a network's analog products, one pass each.</summary>
    public PlanLayout(IEnumerable<AnalogNode> nodes, Granularity granularity, RedundancyMode mode)
        : this([.. nodes], granularity, mode, null, null)
    {
    }

    /// <summary>Lays out a network's analog products by row groups, one pass each.</summary>
    /// <param name="nodes">The products.</param>
    /// <param name="rowStarts">Cut positions of each one's dot product, first 0, last N.</param>
    /// <param name="mode">How the repeats are made.</param>
    /// <exception cref="PrecisionException">No product is cut, or the mode repeats whole layers only.</exception>
    public PlanLayout(IEnumerable<AnalogNode> nodes, IReadOnlyList<int[]> rowStarts, RedundancyMode mode)
        : this([.. nodes], Granularity.Rows, mode, null, [.. rowStarts])
    {
    }

    private PlanLayout(ImmutableArray<AnalogNode> nodes, Granularity granularity, RedundancyMode mode, int[]? passes, int[][]? rows)
    {
        RowGroups.Check(nodes, granularity, mode, rows);
        _rows = rows;
        _nodes = [.. nodes];
        _passes = passes ?? [.. nodes.Select(_ => 1)];
        Granularity = granularity;
        Mode = mode;
        _first = new int[_nodes.Length + 1];
        for (int layer = 0; layer < _nodes.Length; layer++)
        {
            _first[layer + 1] = _first[layer] + EntriesOf(layer);
        }

        Cost = new double[_first[^1]];
        for (int layer = 0; layer < _nodes.Length; layer++)
        {
            double macs = (double)_nodes[layer].Macs * _passes[layer];
            Cost.AsSpan(_first[layer].._first[layer + 1]).Fill(macs / EntriesOf(layer));
            for (int group = 0; _rows is not null && group < EntriesOf(layer); group++)
            {
                Cost[_first[layer] + group] = macs * (_rows[layer][group + 1] - _rows[layer][group]) / _nodes[layer].DotLength;
            }
        }
    }

    /// <summary>Layers, channels or row groups.</summary>
    public Granularity Granularity { get; }

    /// <summary>How the repeats are made.</summary>
    public RedundancyMode Mode { get; }

    /// <summary>Number of entries.</summary>
    public int Count => Cost.Length;

    /// <summary>n of each entry, multiply-accumulates of one repeat for one image, those of both passes counted.</summary>
    public double[] Cost { get; }

    /// <summary>Number of layers.</summary>
    public int Layers => _nodes.Length;

    /// <summary>Cut positions of a layer's dot product; null unless its entries are row groups.</summary>
    /// <param name="layer">Position in graph order.</param>
    public ImmutableArray<int>? RowStartsOf(int layer) => _rows is null ? null : [.. _rows[layer]];

    /// <summary>Per-layer arrays (one entry, one per channel, or one per row group) of a flat list of entries.</summary>
    public double[][] Spread(ReadOnlySpan<double> entries)
    {
        double[][] result = new double[_nodes.Length][];
        for (int layer = 0; layer < result.Length; layer++)
        {
            result[layer] = entries[_first[layer].._first[layer + 1]].ToArray();
        }

        return result;
    }

    /// <summary>Entries of per-channel sums, or of sums per row group: those of a layer are added up where a layer is one entry.</summary>
    /// <param name="channels">[layer][channel], or [layer][row group].</param>
    public double[] Gather(IReadOnlyList<double[]> channels)
    {
        double[] result = new double[Count];
        for (int layer = 0; layer < _nodes.Length; layer++)
        {
            if (Granularity == Granularity.Layer)
            {
                result[layer] = channels[layer].Sum();
            }
            else if (channels[layer].Length == EntriesOf(layer))
            {
                channels[layer].CopyTo(result.AsSpan(_first[layer]));
            }
            else
            {
                throw new PrecisionException(
                    PrecisionFault.PlanDoesNotFit,
                    $"layer {_nodes[layer].Name}: sums of {channels[layer].Length} parts were measured where {EntriesOf(layer)} entries are learned per {Granularity}; energies of row groups need noise that knows them ({nameof(Noise.RowGroupNoise)}) and a method without digital correction");
            }
        }

        return result;
    }

    /// <summary>Lifts the sensitivity of channels that the images never excited to a share of their layer's mean, and of whole layers to 1e-9 of the network's.</summary>
    /// <param name="sensitivity">s of each entry, changed in place.</param>
    /// <param name="channelFloor">That share, 1e-3 to 1e-1; its square root is the least energy of a channel over that of the mean one.</param>
    public void ApplyFloor(double[] sensitivity, double channelFloor = ChannelFloor)
    {
        double least = 1e-9 * sensitivity.Sum() / Count;
        for (int layer = 0; layer < _nodes.Length; layer++)
        {
            Span<double> entries = sensitivity.AsSpan(_first[layer].._first[layer + 1]);
            double mean = 0;
            foreach (double value in entries)
            {
                mean += value / entries.Length;
            }

            foreach (ref double value in entries)
            {
                value = Math.Max(value, Math.Max(least, entries.Length > 1 ? channelFloor * mean : 0));
            }
        }
    }

    /// <summary>Sums over the entries of each layer.</summary>
    /// <param name="entries">One value for each entry.</param>
    public double[] SumByLayer(ReadOnlySpan<double> entries)
    {
        double[] sums = new double[_nodes.Length];
        for (int layer = 0; layer < sums.Length; layer++)
        {
            foreach (double value in entries[_first[layer].._first[layer + 1]])
            {
                sums[layer] += value;
            }
        }

        return sums;
    }

    /// <summary>Reads that one repeat of a layer takes: 1, or 2 where signs of inputs are split.</summary>
    /// <param name="layer">Position in graph order.</param>
    public int PassesOf(int layer) => _passes[layer];

    /// <summary>Layer that an entry belongs to.</summary>
    public int LayerOf(int entry)
    {
        int at = Array.BinarySearch(_first, entry);
        return at >= 0 ? at : ~at - 1;
    }

    /// <summary>Mean E per multiply-accumulate, sum n E / sum n, passes counted.</summary>
    public double MeanEnergy(ReadOnlySpan<double> energy)
    {
        double spent = 0;
        double all = 0;
        for (int j = 0; j < energy.Length; j++)
        {
            spent += Cost[j] * energy[j];
            all += Cost[j];
        }

        return spent / all;
    }

    /// <summary>Mean E over the multiply-accumulates of one layer.</summary>
    /// <param name="layer">Position in graph order.</param>
    /// <param name="energy">E of its entries, or one for all.</param>
    public double MeanEnergyOf(int layer, ReadOnlySpan<double> energy)
    {
        if (energy.Length == 1)
        {
            return energy[0];
        }

        double spent = 0;
        double all = 0;
        for (int entry = 0; entry < energy.Length; entry++)
        {
            spent += Cost[_first[layer] + entry] * energy[entry];
            all += Cost[_first[layer] + entry];
        }

        return spent / all;
    }

    /// <summary>Entries of a layer.</summary>
    /// <param name="layer">Position in graph order.</param>
    public int EntriesOf(int layer) => Granularity switch
    {
        Granularity.Layer => 1,
        Granularity.Channel => _nodes[layer].Channels,
        _ => _rows![layer].Length - 1,
    };

    /// <summary>The plan with these repeats.</summary>
    /// <param name="repeats">K of each entry.</param>
    public PrecisionPlan ToPlan(ImmutableArray<int> repeats)
    {
        var layers = ImmutableArray.CreateBuilder<LayerPlan>(_nodes.Length);
        for (int layer = 0; layer < _nodes.Length; layer++)
        {
            AnalogNode node = _nodes[layer];
            layers.Add(new LayerPlan(node.Name, node.DotLength, node.Macs, repeats[_first[layer].._first[layer + 1]], Mode)
            {
                Passes = _passes[layer], RowStarts = _rows is null ? [] : [.. _rows[layer]],
            });
        }

        return new PrecisionPlan(layers.MoveToImmutable());
    }

    /// <summary>The plan with the same K everywhere.</summary>
    public PrecisionPlan Uniform(int repeats) => ToPlan([.. Enumerable.Repeat(repeats, Count)]);

    /// <summary>The plan with the same K everywhere but where an entry's own limit is lower.</summary>
    /// <param name="repeats">K, at least 1.</param>
    /// <param name="largest">K_max of each entry, as its averaging law sets it; at least 1.</param>
    public PrecisionPlan Uniform(int repeats, IReadOnlyList<int> largest) => ToPlan([.. largest.Select(limit => Math.Min(repeats, limit))]);
}
