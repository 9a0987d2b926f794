namespace AnalogHil.Engine;

/// <summary>
/// What is computed digitally behind the analog product of one node, channel by channel: <c>out = gain x (product + noise) + bias + offset</c>. The
/// device's weights, its full scales and its noise stay as they are; a bias is added digitally anyway, and a gain is the scale of the converter's code.
/// </summary>
/// <param name="Gain">[channels] positive.</param>
/// <param name="Offset">[channels] in units of the layer's output.</param>
public sealed record NodeCorrection(float[] Gain, float[] Offset)
{
    /// <summary>The one that changes nothing.</summary>
    /// <param name="channels">Output channels of the node.</param>
    public static NodeCorrection None(int channels)
    {
        float[] gain = new float[channels];
        Array.Fill(gain, 1);
        return new NodeCorrection(gain, new float[channels]);
    }
}
