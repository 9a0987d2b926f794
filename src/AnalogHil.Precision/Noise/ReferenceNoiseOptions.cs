using AnalogHil.Core.Noise;

namespace AnalogHil.Precision.Noise;

/// <summary>Which law of the literature a network is given.</summary>
/// <param name="Law">The law.</param>
/// <param name="Sigma">sigma of one read, dimensionless; without meaning for shot noise, whose E is photons.</param>
public sealed record ReferenceNoiseOptions(ReferenceLaw Law, double Sigma)
{
    /// <summary>Equation or released code.</summary>
    /// <remarks>
    /// Of the code's differences <c>paper-code</c> reproduces N without groups (receiver and shot noise of grouped convolutions). Three of them are
    /// not reproduced: one draw of the weight noise for a whole batch (here every output is drawn anew), taps on padding left out of the shot norm
    /// (border outputs only), and ReLU in the place of ReLU6 in MobileNetV2.
    /// </remarks>
    /// <value>Default: corrected.</value>
    public ReferenceProfile Profile { get; init; } = ReferenceProfile.Corrected;

    /// <summary>sigma_t = 0.01, as in Garg et al. 2021.</summary>
    public static ReferenceNoiseOptions Thermal { get; } = new(ReferenceLaw.Thermal, 0.01);

    /// <summary>sigma_w = 0.1, as in Garg et al. 2021.</summary>
    public static ReferenceNoiseOptions Weight { get; } = new(ReferenceLaw.Weight, 0.1);

    /// <summary>Balanced shot noise, E in photons per multiply-accumulate.</summary>
    public static ReferenceNoiseOptions Shot { get; } = new(ReferenceLaw.ShotBalanced, 1);
}
