namespace AnalogHil.Core.Noise;

/// <summary>How one layer's matrix product sits on the device: what turns full-scale noise into the layer's own units.</summary>
/// <param name="DotLength">N.</param>
/// <param name="RowStarts">B + 1 cut positions of the dot product, first 0, last N; one tile read per row block.</param>
/// <param name="Passes">Reads per block and repeat: 1, or 2 where signed inputs are split on a device that takes only [0, 1].</param>
/// <param name="InputFullScale">x that u = 1 stands for, in the layer's unit.</param>
/// <param name="WeightFullScale">[Channels] weight that g = 1 stands for, in the weight's unit.</param>
/// <param name="Weights">[Channels x DotLength] weights in their own unit, patch order.</param>
public sealed record LayerScale(
    int DotLength, int[] RowStarts, int Passes, double InputFullScale, float[] WeightFullScale, ReadOnlyMemory<float> Weights)
{
    /// <summary>Number of output channels.</summary>
    public int Channels => WeightFullScale.Length;

    /// <summary>B, tile reads that add up to one dot product.</summary>
    public int RowBlocks => RowStarts.Length - 1;
}
