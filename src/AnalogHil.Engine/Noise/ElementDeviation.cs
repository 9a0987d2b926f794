using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AnalogHil.Engine.Noise;

/// <summary>Any law: the square root of each element's variance.</summary>
internal unsafe struct ElementDeviation(float* variances) : IDeviation
{
    private float* _variances = variances;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next(int channels) => _variances += channels;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector256<float> Eight(int channel) => Vector256.Sqrt(Vector256.Load(_variances + channel));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float One(int channel) => MathF.Sqrt(_variances[channel]);
}
