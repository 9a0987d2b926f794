using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AnalogHil.Engine.Noise;

/// <summary>A patch of its own for each channel (depthwise products): sqrt(constant + slope x sum of squares).</summary>
internal unsafe struct DepthwiseDeviation(float* constant, float* slopes, float* squares) : IDeviation
{
    private float* _squares = squares;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next(int channels) => _squares += channels;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector256<float> Eight(int channel) => Vector256.Sqrt(
        Vector256.FusedMultiplyAdd(Vector256.Load(slopes + channel), Vector256.Load(_squares + channel), Vector256.Load(constant + channel)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float One(int channel) => MathF.Sqrt(MathF.FusedMultiplyAdd(slopes[channel], _squares[channel], constant[channel]));
}
