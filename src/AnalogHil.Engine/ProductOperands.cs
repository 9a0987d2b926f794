namespace AnalogHil.Engine;

/// <summary>What an analog product multiplies.</summary>
public enum ProductOperands
{
    /// <summary>Activations by weights, which a device holds.</summary>
    Weights,

    /// <summary>Activations by activations, both new for every example: attention's queries by keys and probabilities by values.</summary>
    TwoActivations,
}
