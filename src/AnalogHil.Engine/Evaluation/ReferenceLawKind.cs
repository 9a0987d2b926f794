namespace AnalogHil.Engine.Evaluation;

/// <summary>The noise laws of Garg et al. 2021.</summary>
public enum ReferenceLawKind
{
    /// <summary>Receiver noise.</summary>
    Thermal,

    /// <summary>Weight read noise.</summary>
    Weight,

    /// <summary>Shot noise, optical power balanced for each dot product.</summary>
    Shot,
}
