using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Views;

/// <summary>
/// A feature map seen as [N, factor, factor, .., H, W]: its channels split into several dimensions and perhaps transposed. Nothing is computed until it
/// becomes a feature map again.
/// </summary>
/// <param name="Source">The feature map.</param>
/// <param name="Factors">Dimensions its channels are split into, outermost first, as the map has them.</param>
/// <param name="Order">For each dimension of the view the factor it shows.</param>
internal sealed record ChannelView(GraphValue Source, int[] Factors, int[] Order)
{
    /// <summary>Dimensions of the view without the batch.</summary>
    public int[] Dims => [.. Order.Select(factor => Factors[factor]), Source.Shape.Height, Source.Shape.Width];

    /// <summary>For each channel of the view, counted over its dimensions, the channel of the map.</summary>
    public int[] Channels()
    {
        int[] strides = new int[Factors.Length];
        for (int i = Factors.Length - 1, stride = 1; i >= 0; stride *= Factors[i--])
        {
            strides[i] = stride;
        }

        int[] channels = [0];
        foreach (int factor in Order)
        {
            channels = [.. channels.SelectMany(start => Enumerable.Range(0, Factors[factor]).Select(i => start + i * strides[factor]))];
        }

        return channels;
    }
}
