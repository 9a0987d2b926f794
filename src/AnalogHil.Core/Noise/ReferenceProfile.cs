namespace AnalogHil.Core.Noise;

/// <summary>Which reading of Garg et al. 2021 a reference figure follows where the paper's equations and its authors' code differ.</summary>
public enum ReferenceProfile
{
    /// <summary>What a bench should trust: N = kh kw C_in / groups, weights counted in full at padded borders.</summary>
    Corrected,

    /// <summary>The published code: N without groups, weights that meet padding left out of the shot norm.</summary>
    PaperCode,
}
