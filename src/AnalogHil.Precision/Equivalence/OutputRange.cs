namespace AnalogHil.Precision.Equivalence;

/// <summary>Smallest and largest clean product of one layer, bias left out.</summary>
/// <param name="Low">Minimum, in the layer's unit.</param>
/// <param name="High">Maximum, in the layer's unit.</param>
public readonly record struct OutputRange(double Low, double High)
{
    /// <summary>High minus low.</summary>
    public double Width => High - Low;
}
