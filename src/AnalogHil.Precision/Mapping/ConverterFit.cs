using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Mapping;

/// <summary>Keeps what a network's columns read within the range of the output converter.</summary>
/// <remarks>
/// Full scales that use all of the weights' and inputs' range can drive a column beyond its converter: a few channels of a transformer do so for most examples. The weights
/// of such a channel are written smaller, so that the largest read seen lies within the range, and its noise in the layer's unit grows by as much where it does not scale with
/// the weights (receiver, converter). Channels that seldom leave the range stay as they are: a clipped read now and then costs less than noise in all of them.
/// </remarks>
public static class ConverterFit
{
    // Below the share at which a guard refuses reads (1 % of a block's, GuardOptions.MaxSaturatedShare), with room for other examples.
    private const double MostBeyond = 0.003;

    // Room for other examples, noise and the columns' offsets.
    private const double Headroom = 0.85;

    /// <summary>The same layout, with smaller weights in the channels that leave the range too often.</summary>
    /// <param name="layout">The network on the device.</param>
    /// <param name="network">The network.</param>
    /// <param name="images">[count x example] calibration examples.</param>
    /// <param name="count">Examples; some dozens will do.</param>
    public static NetworkOnDevice Of(NetworkOnDevice layout, INetwork network, ReadOnlyMemory<float> images, int count)
    {
        var reach = new ReachRoute(layout);
        network.ForwardAsync(images, count, new float[count * network.Classes], reach, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var scales = ImmutableArray.CreateBuilder<LayerScale>(layout.Scales.Length);
        var widened = ImmutableArray.CreateBuilder<int>(layout.Scales.Length);
        for (int layer = 0; layer < layout.Scales.Length; layer++)
        {
            (LayerScale scale, int channels) = Widen(layout.Scales[layer], reach, layer, layout.Capabilities.AdcFullScale);
            scales.Add(scale);
            widened.Add(channels);
        }

        return layout.With(scales.MoveToImmutable(), widened.MoveToImmutable());
    }

    private static (LayerScale Scale, int Channels) Widen(LayerScale scale, ReachRoute reach, int layer, double range)
    {
        float[] full = [.. scale.WeightFullScale];
        int channels = 0;
        if (scale.IsActivationProduct)
        {
            // The second operand has one full scale for all columns: which column holds which value is another matter with every example.
            if (reach.Beyond[layer].Sum() > MostBeyond * reach.Reads[layer] * full.Length)
            {
                Array.Fill(full, Fitting(reach.Largest[layer].Max()));
                channels = full.Length;
            }
        }
        else
        {
            for (int channel = 0; channel < full.Length; channel++)
            {
                if (reach.Beyond[layer][channel] > MostBeyond * reach.Reads[layer])
                {
                    full[channel] = Fitting(reach.Largest[layer][channel]);
                    channels++;
                }
            }
        }

        return (channels == 0 ? scale : scale with { WeightFullScale = full }, channels);

        float Fitting(float largest) => (float)(largest / (Headroom * range * scale.InputFullScale));
    }
}
