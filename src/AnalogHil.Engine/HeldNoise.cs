using AnalogHil.Core.Noise;

namespace AnalogHil.Engine;

/// <summary>
/// Noise that is drawn once and held over all output positions of an inference, or of a batch of them; it comes on top of <see cref="NodeNoise.Variance"/>.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="ElementVariance.SquareSlope"/> is read noise of the weights: one number n for every weight, so that position p of channel i is off by
/// <c>sum_k sqrt(SquareSlope[b(k), i]) n_ik x_pk</c>. Its variance is that of noise drawn for each read; two positions p and q now have the covariance
/// <c>sum_b SquareSlope[b, i] &lt;x_p, x_q&gt;_b</c>. <see cref="ElementVariance.Constant"/> is an offset of the receiver: one number for every channel,
/// the same at all positions.
/// </para>
/// <para>
/// Shot noise has no such form: photons that one read detected are gone for the next, nothing of their number is held. Laws with <see
/// cref="ElementVariance.AbsoluteSlope"/>, or with
/// slopes of a second activation, are refused.
/// </para>
/// </remarks>
/// <param name="Variance">Variance of every output element, redundancy folded in.</param>
/// <param name="EnergySlope">-dVariance / d ln E, likewise; null where it equals the variance itself.</param>
public sealed record HeldNoise(ElementVariance Variance, ElementVariance? EnergySlope = null)
{
    /// <summary>
    /// Consecutive images of the data set that share a draw, counted from image 0: 1 is a draw for each inference; more are a draw for each batch, as the
    /// code of Garg et al. 2021 draws weight noise.
    /// Which images a call holds changes nothing.
    /// </summary>
    /// <value>Default: 1. At least 1.</value>
    public int ImagesPerDraw { get; init; } = 1;
}
