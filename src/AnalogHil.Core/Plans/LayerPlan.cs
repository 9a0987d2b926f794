using System.Collections.Immutable;

namespace AnalogHil.Core.Plans;

/// <summary>The redundancy of one analog matrix product of the network.</summary>
/// <param name="Layer">Name of the node in the model.</param>
/// <param name="DotLength">N, length of one dot product.</param>
/// <param name="Macs">n, multiply-accumulates of the layer for one input.</param>
/// <param name="Repeats">K per output channel; one entry means the same K for every channel; with <see cref="RowStarts"/> K per row group. Each at least
/// 1.</param>
/// <param name="Mode">How the repeats are made.</param>
/// <exception cref="ArgumentException">A size is below 1, there is no K, or a K is below 1.</exception>
public sealed record LayerPlan(string Layer, int DotLength, long Macs, ImmutableArray<int> Repeats, RedundancyMode Mode)
{
    /// <summary>N, length of one dot product.</summary>
    public int DotLength { get; init; } = AtLeastOne(DotLength, Layer, "dot length");

    /// <summary>n, multiply-accumulates of the layer for one input.</summary>
    public long Macs { get; init; } = Macs >= 1
        ? Macs
        : throw new ArgumentException($"layer {Layer}: {Macs} multiply-accumulates; at least 1 is needed", nameof(Macs));

    /// <summary>K per output channel; one entry means the same K for every channel.</summary>
    public ImmutableArray<int> Repeats { get; init; } = Repeats.IsDefaultOrEmpty
        ? throw new ArgumentException($"layer {Layer}: no K given; give one for all channels or one for each", nameof(Repeats))
        : Checked(Repeats, Layer);

    /// <summary>Reads that one repeat takes: 1, or 2 where signed inputs are split on a device that takes only [0, 1].</summary>
    /// <value>1</value>
    public int Passes { get; init => field = value is 1 or 2
        ? value
        : throw new ArgumentException($"layer {Layer}: {value} passes; a repeat takes 1, or 2 where signs are split", nameof(value)); } = 1;

    /// <summary>Cut positions of the dot product, first 0, last N, where K is given for each group of rows between two of them and holds for all
    /// channels.</summary>
    /// <value>Empty: K is that of channels.</value>
    /// <exception cref="ArgumentException">They do not ascend from 0 to N, or are not one more than the K given.</exception>
    public ImmutableArray<int> RowStarts { get; init => field = Cuts(value); } = [];

    /// <summary>Mean K over the multiply-accumulates.</summary>
    public double MeanRepeats
    {
        get
        {
            ImmutableArray<int> starts = RowStarts;
            return starts.IsEmpty ? Repeats.Average() : Repeats.Select((k, group) => (double)k * (starts[group + 1] - starts[group])).Sum() / DotLength;
        }
    }

    /// <summary>K of the cells of a channel that lie in the row group of a row.</summary>
    /// <param name="channel">Output channel.</param>
    /// <param name="row">Position of the dot product; only counts where K is given per row group.</param>
    public int RepeatsAt(int channel, int row)
    {
        if (RowStarts.IsEmpty)
        {
            return Repeats.Length == 1 ? Repeats[0] : Repeats[channel];
        }

        int at = RowStarts.BinarySearch(row);
        return Repeats[at >= 0 ? at : ~at - 1];
    }

    /// <summary>Equal figures, whatever array holds the redundancies.</summary>
    public bool Equals(LayerPlan? other) =>
        other is not null && Layer == other.Layer && DotLength == other.DotLength && Macs == other.Macs && Mode == other.Mode && Passes == other.Passes
            && Repeats.AsSpan().SequenceEqual(other.Repeats.AsSpan()) && RowStarts.AsSpan().SequenceEqual(other.RowStarts.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Layer, DotLength, Macs, Mode, Repeats.Length);

    private ImmutableArray<int> Cuts(ImmutableArray<int> starts)
    {
        bool fit = starts.IsDefaultOrEmpty || (starts.Length == Repeats.Length + 1 && starts[0] == 0 && starts[^1] == DotLength);
        for (int i = 1; fit && !starts.IsDefaultOrEmpty && i < starts.Length; i++)
        {
            fit = starts[i] > starts[i - 1];
        }

        return fit
            ? starts.IsDefault ? [] : starts
            : throw new ArgumentException(
                $"layer {Layer}: row groups cut at [{string.Join(", ", starts)}] with {Repeats.Length} K; the cuts must ascend from 0 to {DotLength} and be one "
                    + "more than the K");
    }

    private static ImmutableArray<int> Checked(ImmutableArray<int> repeats, string layer)
    {
        AtLeastOne(repeats.Min(), layer, "smallest K");
        return repeats;
    }

    private static int AtLeastOne(int value, string layer, string what) => value >= 1
        ? value
        : throw new ArgumentException($"layer {layer}: {what} is {value}; it must be at least 1 (a layer is read at least once)");
}
