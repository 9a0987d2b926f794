namespace AnalogHil.Engine;

/// <summary>Smallest and largest value that entered an analog node.</summary>
/// <param name="Low">Minimum, in the layer's unit; 0 counts when the node pads.</param>
/// <param name="High">Maximum, in the layer's unit.</param>
public readonly record struct InputRange(float Low, float High)
{
    /// <summary>Smallest value of the second operand of a product of two activations; 0 else.</summary>
    public float OperandLow { get; init; }

    /// <summary>Largest value of the second operand of a product of two activations; 0 else.</summary>
    public float OperandHigh { get; init; }

    /// <summary>max |w| of the second operand of a product of two activations: what its full scale stands for; 0 else.</summary>
    public float OperandMagnitude => Math.Max(Math.Abs(OperandLow), Math.Abs(OperandHigh));

    /// <summary>max |x|: what the device's full-scale input stands for.</summary>
    public float Magnitude => Math.Max(Math.Abs(Low), Math.Abs(High));

    /// <summary>The smallest range that holds both.</summary>
    public InputRange With(InputRange other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High))
    {
        OperandLow = Math.Min(OperandLow, other.OperandLow),
        OperandHigh = Math.Max(OperandHigh, other.OperandHigh),
    };
}
