using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Passes;

/// <summary>One block of images on its way through the steps.</summary>
/// <param name="frame">Its activations.</param>
/// <param name="scratch">Working memory of the thread.</param>
/// <param name="noise">Noise of the pass; null for clean.</param>
internal sealed class ForwardContext(Frame frame, Scratch scratch, PreparedNoise? noise)
{
    /// <summary>Its activations.</summary>
    public Frame Frame { get; } = frame;

    /// <summary>Working memory of the thread.</summary>
    public Scratch Scratch { get; } = scratch;

    /// <summary>Noise of the pass; null for clean.</summary>
    public PreparedNoise? Noise { get; set; } = noise;

    /// <summary>First image of the block, counted in the call.</summary>
    public int FirstImage { get; set; }

    /// <summary>Images in the block.</summary>
    public int Images { get; set; }

    /// <summary>The same block with another thread's working memory.</summary>
    public ForwardContext On(Scratch other) => new(Frame, other, Noise) { FirstImage = FirstImage, Images = Images };
}
