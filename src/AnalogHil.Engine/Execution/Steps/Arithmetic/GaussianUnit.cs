using System.Runtime.Intrinsics;

namespace AnalogHil.Engine.Execution.Steps.Arithmetic;

/// <summary>The Gaussian error linear unit, x Phi(x), eight values at a time.</summary>
/// <remarks>
/// The error function is the five-term approximation 7.1.26 of Abramowitz and Stegun: within 1.5e-7 of the true one, the rounding of float32.
/// </remarks>
internal static unsafe class GaussianUnit
{
    private const int Lanes = 8;
    private const float RootHalf = 0.70710678f;
    private const float RootTwoPi = 2.5066283f;

    /// <summary>output = factor x Phi(x).</summary>
    public static void Forward(float* input, float* output, float factor, int count)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector256<float> x = Vector256.Load(input + i);
            (0.5f * factor * x * (Vector256<float>.One + Erf(x * RootHalf))).Store(output + i);
        }

        for (; i < count; i++)
        {
            // The same operations whatever the place: an element's bits do not depend on how many share its call.
            Vector256<float> x = Vector256.Create(input[i]);
            output[i] = (0.5f * factor * x * (Vector256<float>.One + Erf(x * RootHalf)))[0];
        }
    }

    /// <summary>d x Phi(x) / dx.</summary>
    public static float Slope(float x)
    {
        float cumulative = 0.5f * (1 + Erf(Vector256.Create(x * RootHalf))[0]);
        return cumulative + x * MathF.Exp(-0.5f * x * x) / RootTwoPi;
    }

    private static Vector256<float> Erf(Vector256<float> x)
    {
        Vector256<float> magnitude = Vector256.Abs(x);
        Vector256<float> t = Vector256<float>.One / Vector256.FusedMultiplyAdd(magnitude, Vector256.Create(0.3275911f), Vector256<float>.One);
        var sum = Vector256.Create(1.061405429f);
        sum = Vector256.FusedMultiplyAdd(sum, t, Vector256.Create(-1.453152027f));
        sum = Vector256.FusedMultiplyAdd(sum, t, Vector256.Create(1.421413741f));
        sum = Vector256.FusedMultiplyAdd(sum, t, Vector256.Create(-0.284496736f));
        sum = Vector256.FusedMultiplyAdd(sum, t, Vector256.Create(0.254829592f));
        Vector256<float> value = Vector256<float>.One - sum * t * Vector256.Exp(-(magnitude * magnitude));
        return Vector256.CopySign(value, x);
    }
}
