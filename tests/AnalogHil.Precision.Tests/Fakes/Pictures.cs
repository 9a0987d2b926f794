using AnalogHil.Core.Numerics;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;

namespace AnalogHil.Precision.Tests.Fakes;

internal static class Pictures
{
    /// <summary>Random images, each labelled by the clean network itself except for one in <paramref name="wrongOneIn"/>.</summary>
    public static LabelledImages For(INetwork network, int count, ulong seed, bool signedPixels = false, int wrongOneIn = int.MaxValue)
    {
        float[] pixels = new float[count * network.InputShape.Size];
        GaussianGenerator.Fill(GaussianKey.Derive(seed, 1), 0, pixels);
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = signedPixels ? pixels[i] : Math.Abs(pixels[i]);
        }

        float[] logits = new float[count * network.Classes];
        network.Forward(pixels, count, logits);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            Span<float> row = logits.AsSpan(i * network.Classes, network.Classes);
            int best = row.IndexOf(row.ToArray().Max());
            labels[i] = (i + 1) % wrongOneIn == 0 ? (best + 1) % network.Classes : best;
        }

        return new LabelledImages("pictures", network.InputShape, pixels, labels);
    }
}
