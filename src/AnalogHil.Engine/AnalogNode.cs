namespace AnalogHil.Engine;

/// <summary>One matrix product of a network that runs on the analog device: a convolution or a fully connected layer.</summary>
/// <remarks>
/// The patch order is the engine's own and is the same everywhere (weights, patches of <see cref="IProductRoute"/>, row blocks of a tile
/// map): kernel row, kernel column, channel for convolutions; the order of the flattened input for fully connected layers.
/// </remarks>
public sealed class AnalogNode
{
    /// <summary>Position among the network's analog nodes, from 0, in graph order.</summary>
    public required int Index { get; init; }

    /// <summary>Name of the node in the model file (or of its output where it has none).</summary>
    public required string Name { get; init; }

    /// <summary>ONNX operator: Conv or Gemm or MatMul.</summary>
    public required string Operator { get; init; }

    /// <summary>N, length of one dot product: kernel height x kernel width x input channels / groups, padding taps counted.</summary>
    public required int DotLength { get; init; }

    /// <summary>Output channels, over all groups.</summary>
    public required int Channels { get; init; }

    /// <summary>Groups; each group multiplies its own patches by its own Channels / Groups rows.</summary>
    public required int Groups { get; init; }

    /// <summary>Output positions for one image (height x width; 1 for fully connected layers).</summary>
    public required int Positions { get; init; }

    /// <summary>[Channels x DotLength] float32 weights, batch normalisation folded in, in patch order.</summary>
    public required ReadOnlyMemory<float> Weights { get; init; }

    /// <summary>n, multiply-accumulates for one image: DotLength x Channels x Positions.</summary>
    public long Macs => (long)DotLength * Channels * Positions;

    /// <summary>Output channels of one group.</summary>
    public int GroupChannels => Channels / Groups;
}
