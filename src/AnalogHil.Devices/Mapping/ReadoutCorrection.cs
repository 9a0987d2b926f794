namespace AnalogHil.Devices.Mapping;

/// <summary>Measured gain and offset of every physical column: dot product = (read - Offset) / Gain.</summary>
/// <param name="Gain">[tile][column], dimensionless, near 1.</param>
/// <param name="Offset">[tile][column], dot-product units.</param>
public sealed record ReadoutCorrection(float[][] Gain, float[][] Offset)
{
    /// <summary>A device whose columns need no correction.</summary>
    public static ReadoutCorrection None(int tiles, int columns)
    {
        float[][] gain = new float[tiles][];
        float[][] offset = new float[tiles][];
        for (int tile = 0; tile < tiles; tile++)
        {
            gain[tile] = new float[columns];
            gain[tile].AsSpan().Fill(1);
            offset[tile] = new float[columns];
        }

        return new ReadoutCorrection(gain, offset);
    }
}
