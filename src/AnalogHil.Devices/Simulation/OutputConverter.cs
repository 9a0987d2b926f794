namespace AnalogHil.Devices.Simulation;

/// <summary>
/// Mid-tread output converter: codes -2^(b-1) .. 2^(b-1) - 1 of one step each; an ideal one has no step and only clips.
/// </summary>
internal readonly struct OutputConverter
{
    public OutputConverter(double fullScale, int bits)
    {
        Rounds = bits > 0;
        Step = Rounds ? (float)(2 * fullScale / Math.Pow(2, bits)) : 1;
        Lowest = Rounds ? -(float)Math.Pow(2, bits - 1) : -(float)fullScale;
        Highest = Rounds ? (float)Math.Pow(2, bits - 1) - 1 : (float)fullScale;
    }

    /// <summary>False for an ideal converter.</summary>
    public bool Rounds { get; }

    /// <summary>Dot-product units of one code.</summary>
    public float Step { get; }

    /// <summary>Lowest code.</summary>
    public float Lowest { get; }

    /// <summary>Highest code; reads at the lowest or highest code count as saturated.</summary>
    public float Highest { get; }
}
