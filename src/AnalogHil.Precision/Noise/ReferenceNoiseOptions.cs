using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Engine.Evaluation;

namespace AnalogHil.Precision.Noise;

/// <summary>Which law of the literature a network is given.</summary>
/// <param name="Law">The law.</param>
/// <param name="Sigma">sigma of one read, dimensionless; without meaning for shot noise, whose E is photons.</param>
public sealed record ReferenceNoiseOptions(ReferenceLawKind Law, double Sigma)
{
    /// <summary>Equation or released code: N of grouped convolutions with or without the groups (receiver and shot noise).</summary>
    /// <remarks>The code differs in more; <see cref="InCode"/> sets all of it.</remarks>
    /// <value>Default: corrected.</value>
    public ReferenceProfile Profile { get; init; } = ReferenceProfile.Corrected;

    /// <summary>How long a draw holds; of receiver and weight noise only. The code draws the errors of the weights once for a batch.</summary>
    /// <remarks>
    /// Bites where a product has many positions: errors of one draw add up over them instead of averaging out. Gradients of the noisy loss see that;
    /// sensitivities take the noise of all positions as independent, and so do noise bits.
    /// </remarks>
    /// <value>Default: per read.</value>
    public NoiseLifetime Lifetime { get; init; } = NoiseLifetime.PerRead;

    /// <summary>Whether taps on padding are left out of the weight norm of balanced shot noise, as the code does: less noise at the borders of convolutions
    /// with padding.</summary>
    /// <value>Default: false, the whole norm everywhere.</value>
    public bool PaddingLeftOut { get; init; }

    /// <summary>The law as the released code of Garg et al. 2021 has it, profile <c>paper-code</c>: N without groups, weight noise held for a batch, padding
    /// left out of the shot norm.</summary>
    /// <remarks>
    /// Beside the law the code has ReLU for ReLU6 (<see cref="OnnxNetwork.WithReluForRelu6"/>), detached norms (as everywhere here unless asked for),
    /// its own mean of bits (<see cref="AverageNoiseBits"/>) and its own ranges (<c>MovingAverageRule</c>, <c>PercentileRule</c>).
    /// </remarks>
    /// <param name="batch">Images of a batch, 32 in the paper.</param>
    public ReferenceNoiseOptions InCode(int batch = NoiseLifetime.PaperBatch) => this with
    {
        Profile = ReferenceProfile.PaperCode,
        Lifetime = Law == ReferenceLawKind.Weight ? NoiseLifetime.PerBatch(batch) : NoiseLifetime.PerRead,
        PaddingLeftOut = Law == ReferenceLawKind.Shot,
    };

    /// <summary>sigma_t = 0.01, as in Garg et al. 2021.</summary>
    public static ReferenceNoiseOptions Thermal { get; } = new(ReferenceLawKind.Thermal, 0.01);

    /// <summary>sigma_w = 0.1, as in Garg et al. 2021.</summary>
    public static ReferenceNoiseOptions Weight { get; } = new(ReferenceLawKind.Weight, 0.1);

    /// <summary>Balanced shot noise, E in photons per multiply-accumulate.</summary>
    public static ReferenceNoiseOptions Shot { get; } = new(ReferenceLawKind.Shot, 1);
}
