using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>
/// Held noise of one product: one draw lies in the block's working memory, as disturbed weights and offsets, while the rows of its images are computed.
/// </summary>
internal sealed unsafe class HeldDisturbance(int node, int channels, Lazy<RowProduct> product, float[] bias)
{
    /// <summary>Notes the working memory.</summary>
    public void Measure(ScratchNeed need)
    {
        product.Value.MeasureDisturbed(need);
        need.Floats(ScratchBuffer.HeldOffsets, channels);
        need.Floats(ScratchBuffer.HeldBias, channels);
    }

    /// <summary>Draws for one image of the block.</summary>
    public void Begin(ForwardContext context, PreparedNoise noise, HeldLaw law, int image)
    {
        Scratch scratch = context.Scratch;
        long draw = law.DrawOf(noise.FirstImage + context.FirstImage + image);
        if (law.DrawsWeights)
        {
            product.Value.Disturb(law, noise.Seed, node, draw, scratch.HeldWeights, scratch);
        }

        float* offsets = scratch.HeldOffsets.Reserve(channels);
        HeldNumbers.FillOffsets(law, law.Offsets, noise.Seed, node, draw, 0, channels, offsets);
        float* sums = scratch.HeldBias.Reserve(channels);
        for (int channel = 0; channel < channels; channel++)
        {
            sums[channel] = bias[channel] + offsets[channel];
        }
    }

    /// <summary>Whether the next image has the draw that <see cref="Begin"/> was last called for.</summary>
    public static bool Shares(ForwardContext context, PreparedNoise noise, HeldLaw law, int image)
    {
        long first = noise.FirstImage + context.FirstImage;
        return law.DrawOf(first + image) == law.DrawOf(first + image + 1);
    }

    /// <summary>Weights to multiply by.</summary>
    public ProductWeights Weights(ForwardContext context, HeldLaw? law) => law is { DrawsWeights: true } ? context.Scratch.HeldWeights : product.Value.Weights;

    /// <summary>Bias and offsets, [channels].</summary>
    public float* Bias(ForwardContext context) => context.Scratch.HeldBias.Reserve(channels);

    /// <summary>Offsets alone, [channels].</summary>
    public float* Offsets(ForwardContext context) => context.Scratch.HeldOffsets.Reserve(channels);
}
