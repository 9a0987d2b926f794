namespace AnalogHil.Engine;

/// <summary>Smallest and largest value that entered an analog node.</summary>
/// <param name="Low">Minimum, in the layer's unit; 0 counts when the node pads.</param>
/// <param name="High">Maximum, in the layer's unit.</param>
public readonly record struct InputRange(float Low, float High)
{
    /// <summary>max |x|: what the device's full-scale input stands for.</summary>
    public float Magnitude => Math.Max(Math.Abs(Low), Math.Abs(High));
}
