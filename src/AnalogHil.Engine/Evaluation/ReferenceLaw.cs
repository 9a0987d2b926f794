namespace AnalogHil.Engine.Evaluation;

/// <summary>One noise law at one energy, the same for every analog node.</summary>
/// <remarks>
/// Variance of one output element in the network's units, for dot length N, span dW = W_max - W_min of the output channel's weights, span dx of the node's
/// input (its ends averaged over the calibration batches, zero included), A = sum w^2, X = sum x^2 over the patch (Garg et al. 2021, eq. 9 to 11; N divided
/// by the groups, padding counted in N):
/// thermal N dW^2 dx^2 sigma^2 / E, weight dW^2 sigma^2 X / E, shot A X / (N photons E), shot with fixed gains
/// (X mean(A) + A mean(X)) / (2 N photons E), means over filters and over patches of the calibration images. Relative intensity noise multiplies the products y of all channels of a
/// position by the same 1 + n sigma / sqrt(E), n standard normal: variance y^2 sigma^2 / E.
/// </remarks>
/// <param name="Kind">Which law.</param>
/// <param name="Strength">sigma, dimensionless, not negative; for shot noise the photons per MAC of one read, above 0.</param>
/// <param name="Energy">E, energy per MAC in units of one read's: the repeats K that are averaged; above 0.</param>
public sealed record ReferenceLaw(ReferenceLawKind Kind, double Strength, double Energy)
{
    /// <summary>
    /// How long a draw holds: thermal noise that is held is an offset of each channel, weight noise one number for each weight (<see cref="HeldNoise"/>);
    /// shot and intensity noise are new in every read.
    /// </summary>
    /// <value>Default: per read.</value>
    public NoiseLifetime Lifetime { get; init; } = NoiseLifetime.PerRead;
}
