using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Execution;

/// <summary>Images come channel by channel, the engine keeps the channels of a pixel together; everything else comes as it is kept.</summary>
internal static unsafe class ImageLayout
{
    /// <summary>
    /// Copies one input of <paramref name="count"/> examples, which lie <paramref name="stride"/> floats apart, to where the engine reads it.
    /// </summary>
    public static void Place(float* source, int stride, int count, ItemShape shape, float* target)
    {
        int pixels = shape.Height * shape.Width;
        for (int example = 0; example < count; example++, source += stride, target += shape.Size)
        {
            if (!shape.IsMap || shape.Channels == 1)
            {
                new ReadOnlySpan<float>(source, shape.Size).CopyTo(new Span<float>(target, shape.Size));
                continue;
            }

            for (int c = 0; c < shape.Channels; c++)
            {
                for (int p = 0; p < pixels; p++)
                {
                    target[p * shape.Channels + c] = source[c * pixels + p];
                }
            }
        }
    }
}
