namespace AnalogHil.Engine;

/// <summary>Which gradients a backward pass computes beside those of the energies.</summary>
public enum WantedGradients
{
    /// <summary>None: costs nothing.</summary>
    None,

    /// <summary>Of the digital gain and offset of every output channel: one pass over each node's output.</summary>
    Corrections,

    /// <summary>
    /// Of gains, offsets and all weights: about half as much work again as a backward pass, and a copy of the weights for each of up to 16 images. For
    /// small networks.
    /// </summary>
    Weights,
}
