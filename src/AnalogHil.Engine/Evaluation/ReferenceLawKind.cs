namespace AnalogHil.Engine.Evaluation;

/// <summary>The noise laws of Garg et al. 2021, and two that real optics have instead (see <see cref="Core.Noise.ReferenceNoise"/>).</summary>
public enum ReferenceLawKind
{
    /// <summary>Receiver noise, N dW^2 dx^2 sigma_t^2 / E (eq. 3 and 9); sigma_t = 0.01 in the paper.</summary>
    Thermal,

    /// <summary>Weight read noise, dW^2 sigma_w^2 X / E, drawn anew for every output (eq. 4 and 10); sigma_w = 0.1 in the paper.</summary>
    Weight,

    /// <summary>Shot noise with the power balanced for each dot product, A X / (N E), E in photons (eq. 5 and 11).</summary>
    Shot,

    /// <summary>Shot noise with gains fixed for a layer, the best ones for its mean patch and its mean filter: (X mean(A) + A mean(X)) / (2 N E), E in photons.</summary>
    ShotFixedGain,

    /// <summary>Relative intensity noise, sigma^2 y^2 / E: a relative error of the product that all channels of a position share. How the means of
    /// different numbers of reads go together is not modelled: energies under it are learned for each layer.</summary>
    Intensity,
}
