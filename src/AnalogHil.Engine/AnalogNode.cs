namespace AnalogHil.Engine;

/// <summary>One matrix product of a network that runs on the analog device: a convolution, a fully connected layer, or a product of two activations.</summary>
/// <remarks>
/// The patch order is the engine's own and is the same everywhere (weights, patches of <see cref="IProductRoute"/>, row blocks of a tile
/// map): kernel row, kernel column, channel for convolutions; the order of the flattened input for fully connected layers. A product of two
/// activations has a group for each head, its rows as positions, and the columns of its second operand as the channels of a group; its products
/// are ordered head by head, [groups x positions x group channels], where those of other nodes are [positions x channels].
/// </remarks>
public sealed class AnalogNode
{
    /// <summary>Position among the network's analog nodes, from 0, in graph order.</summary>
    public required int Index { get; init; }

    /// <summary>Name of the node in the model file (or of its output where it has none).</summary>
    public required string Name { get; init; }

    /// <summary>ONNX operator: Conv or Gemm or MatMul.</summary>
    public required string Operator { get; init; }

    /// <summary>Whether the second operand is weights or an activation as well.</summary>
    /// <value>Default: weights.</value>
    public ProductOperands Operands { get; init; } = ProductOperands.Weights;

    /// <summary>N, length of one dot product: kernel height x kernel width x input channels / groups, padding taps counted.</summary>
    public required int DotLength { get; init; }

    /// <summary>Window taps, kernel height x kernel width; 1 for fully connected layers and products of two activations.</summary>
    /// <value>Default: 1.</value>
    public int Taps { get; init; } = 1;

    /// <summary>Output channels, over all groups.</summary>
    public required int Channels { get; init; }

    /// <summary>Groups; each group multiplies its own patches by its own Channels / Groups rows.</summary>
    public required int Groups { get; init; }

    /// <summary>Output positions for one image (height x width; tokens; 1 for fully connected layers behind a flatten).</summary>
    public required int Positions { get; init; }

    /// <summary>[Channels x DotLength] float32 weights, batch normalisation folded in, in patch order; empty for a product of two activations.</summary>
    public required ReadOnlyMemory<float> Weights { get; init; }

    /// <summary>n, multiply-accumulates for one image: DotLength x Channels x Positions.</summary>
    public long Macs => (long)DotLength * Channels * Positions;

    /// <summary>Channels of the input, over all groups: the values at one position. Without meaning for a product of two activations.</summary>
    public int InputChannels => DotLength / Taps * Groups;

    /// <summary>Output channels of one group.</summary>
    public int GroupChannels => Channels / Groups;
}
