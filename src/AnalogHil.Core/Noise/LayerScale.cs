using AnalogHil.Core.Statistics;

namespace AnalogHil.Core.Noise;

/// <summary>How one layer's matrix product sits on the device: what turns full-scale noise into the layer's own units.</summary>
/// <param name="DotLength">N.</param>
/// <param name="RowStarts">B + 1 cut positions of the dot product, first 0, last N; one tile read per row block.</param>
/// <param name="Passes">Reads per block and repeat: 1, or 2 where signed inputs are split on a device that takes only [0, 1].</param>
/// <param name="InputFullScale">x that u = 1 stands for, in the layer's unit.</param>
/// <param name="WeightFullScale">[Channels] weight that g = 1 stands for, in the weight's unit; of a product of two activations the second operand's declared full scale.</param>
/// <param name="Weights">[Channels x DotLength] weights in their own unit, patch order; empty for a product of two activations, whose second operand is new for every example.</param>
/// <exception cref="ArgumentException">The arrays do not fit each other, the cuts do not ascend from 0 to N, or a scale is negative.</exception>
public sealed record LayerScale(
    int DotLength, int[] RowStarts, int Passes, double InputFullScale, float[] WeightFullScale, ReadOnlyMemory<float> Weights)
{
    /// <summary>B + 1 cut positions of the dot product, first 0, last N.</summary>
    public int[] RowStarts { get; } = RowStarts.Length >= 2 && RowStarts[0] == 0 && RowStarts[^1] == DotLength && Ascends(RowStarts)
        ? RowStarts
        : throw new ArgumentException($"cuts [{string.Join(", ", RowStarts)}] do not ascend from 0 to the dot length {DotLength}", nameof(RowStarts));

    /// <summary>Reads per block and repeat: 1 or 2.</summary>
    public int Passes { get; } = Passes is 1 or 2
        ? Passes
        : throw new ArgumentOutOfRangeException(nameof(Passes), Passes, $"{Passes} passes; a dot product takes 1, or 2 where signs are split");

    /// <summary>x that u = 1 stands for, in the layer's unit.</summary>
    public double InputFullScale { get; } = Require.NotNegative(InputFullScale);

    /// <summary>[Channels x DotLength] weights in their own unit, patch order; empty for a product of two activations.</summary>
    public ReadOnlyMemory<float> Weights { get; } = Weights.IsEmpty || Weights.Length == (long)WeightFullScale.Length * DotLength
        ? Weights
        : throw new ArgumentException($"{Weights.Length} weights for {WeightFullScale.Length} channels of dot length {DotLength}", nameof(Weights));

    /// <summary>Whether both operands are activations.</summary>
    public bool IsActivationProduct => Weights.IsEmpty;

    /// <summary>How a product of two activations sits on a device that takes both as inputs (homodyne).</summary>
    /// <param name="dotLength">N.</param>
    /// <param name="rowStarts">Cut positions of the dot product, first 0, last N.</param>
    /// <param name="inputFullScale">Value of the first operand that u = 1 stands for.</param>
    /// <param name="operandFullScale">Value of the second operand that g = 1 stands for.</param>
    /// <param name="channels">Columns of the second operand, over all groups.</param>
    /// <exception cref="ArgumentException">The cuts do not ascend from 0 to N, or a scale is negative.</exception>
    public static LayerScale OfActivations(int dotLength, int[] rowStarts, double inputFullScale, double operandFullScale, int channels)
    {
        float[] fullScale = new float[channels];
        Array.Fill(fullScale, (float)Require.NotNegative(operandFullScale));
        return new LayerScale(dotLength, rowStarts, 1, inputFullScale, fullScale, ReadOnlyMemory<float>.Empty);
    }

    /// <summary>Number of output channels.</summary>
    public int Channels => WeightFullScale.Length;

    /// <summary>B, tile reads that add up to one dot product.</summary>
    public int RowBlocks => RowStarts.Length - 1;

    private static bool Ascends(int[] starts)
    {
        for (int i = 1; i < starts.Length; i++)
        {
            if (starts[i] <= starts[i - 1])
            {
                return false;
            }
        }

        return true;
    }
}
