using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AnalogHil.Engine.Noise;

/// <summary>Thermal noise: one deviation for each channel.</summary>
internal unsafe struct ChannelDeviation(float* deviations) : IDeviation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Next(int channels)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector256<float> Eight(int channel) => Vector256.Load(deviations + channel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float One(int channel) => deviations[channel];
}
