namespace AnalogHil.Engine.Evaluation;

/// <summary>The noise laws of Garg et al. 2021, and one that lasers have besides.</summary>
public enum ReferenceLawKind
{
    /// <summary>Receiver noise.</summary>
    Thermal,

    /// <summary>Weight read noise.</summary>
    Weight,

    /// <summary>Shot noise, optical power balanced for each dot product.</summary>
    Shot,

    /// <summary>Shot noise with gains that are fixed for a layer, the best ones for its mean patch and its mean filter.</summary>
    ShotFixedGain,

    /// <summary>Relative intensity noise: a relative error of the product that all channels of a position share.</summary>
    Intensity,
}
