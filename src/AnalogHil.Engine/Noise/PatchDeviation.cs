using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AnalogHil.Engine.Noise;

/// <summary>Weight or shot noise alone, one patch for all channels: sqrt(slope) of the channel times the patch's norm, one square root for each row.</summary>
internal unsafe struct PatchDeviation(float* roots, float* squares) : IDeviation
{
    private float* _squares = squares;
    private float _norm = MathF.Sqrt(*squares);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next(int channels) => _norm = MathF.Sqrt(*++_squares);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector256<float> Eight(int channel) => Vector256.Load(roots + channel) * _norm;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float One(int channel) => roots[channel] * _norm;
}
