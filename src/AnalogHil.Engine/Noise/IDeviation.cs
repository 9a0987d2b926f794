using System.Runtime.Intrinsics;

namespace AnalogHil.Engine.Noise;

/// <summary>Where the standard deviations of a row of elements come from, eight at a time or one.</summary>
internal unsafe interface IDeviation
{
    /// <summary>Moves to the next row.</summary>
    void Next(int channels);

    /// <summary>Deviations of channels <paramref name="channel"/> ...</summary>
    Vector256<float> Eight(int channel);

    /// <summary>Deviation of one channel.</summary>
    float One(int channel);
}
