namespace AnalogHil.Engine;

/// <summary>What the numbers of a model's input are. All are handed over as float32.</summary>
public enum ElementKind
{
    /// <summary>Real numbers: pixels.</summary>
    Real,

    /// <summary>Integers, such as token ids, masks and segments (int64, int32 or bool in the file); exact in float32 below 2^24.</summary>
    Whole,
}
