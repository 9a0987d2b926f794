namespace AnalogHil.Engine.Execution;

/// <summary>Images come channel by channel, the engine keeps the channels of a pixel together.</summary>
internal static unsafe class ImageLayout
{
    /// <summary>Copies images [count x C x H x W] to [count x H x W x C].</summary>
    public static void Interleave(float* images, int count, ImageShape shape, float* target)
    {
        int pixels = shape.Height * shape.Width;
        if (shape.Channels == 1)
        {
            new ReadOnlySpan<float>(images, count * pixels).CopyTo(new Span<float>(target, count * pixels));
            return;
        }

        for (int image = 0; image < count; image++, images += shape.Size, target += shape.Size)
        {
            for (int c = 0; c < shape.Channels; c++)
            {
                for (int p = 0; p < pixels; p++)
                {
                    target[p * shape.Channels + c] = images[c * pixels + p];
                }
            }
        }
    }
}
