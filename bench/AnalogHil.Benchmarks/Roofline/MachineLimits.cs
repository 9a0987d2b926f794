using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AnalogHil.Core.Numerics;

namespace AnalogHil.Benchmarks.Roofline;

/// <summary>What one thread of this machine can do at best, each the best of many short runs: other load only lengthens times.</summary>
/// <param name="Flops">Floating-point operations a second, multiply-adds counted as two.</param>
/// <param name="Bandwidth">Bytes a second that a copy of 64 MiB reads and writes.</param>
/// <param name="Normals">Gaussian numbers a second.</param>
internal sealed record MachineLimits(double Flops, double Bandwidth, double Normals)
{
    private const int Runs = 40;

    public static MachineLimits Measure()
    {
        float[] source = new float[16 << 20];
        float[] target = new float[source.Length];
        float[] numbers = new float[16384];
        const int Steps = 100_000;
        return new MachineLimits(
            Best(() => MultiplyAdds(Steps), 12.0 * Steps * Vector256<float>.Count * 2),
            Best(() => source.CopyTo(target, 0), 2.0 * sizeof(float) * source.Length),
            Best(() => GaussianGenerator.Fill(GaussianKey.Derive(1), 0, numbers), numbers.Length));
    }

    private static double Best(Action work, double amount)
    {
        double shortest = double.PositiveInfinity;
        for (int run = 0; run < Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            shortest = Math.Min(shortest, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return amount / shortest;
    }

    // Twelve independent sums, nothing but multiply-adds in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float MultiplyAdds(int steps)
    {
        Vector256<float> x = Vector256.Create(1.0000001f);
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (int step = 0; step < steps; step++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, x);
            b = Vector256.FusedMultiplyAdd(b, x, x);
            c = Vector256.FusedMultiplyAdd(c, x, x);
            d = Vector256.FusedMultiplyAdd(d, x, x);
            e = Vector256.FusedMultiplyAdd(e, x, x);
            f = Vector256.FusedMultiplyAdd(f, x, x);
            g = Vector256.FusedMultiplyAdd(g, x, x);
            h = Vector256.FusedMultiplyAdd(h, x, x);
            i = Vector256.FusedMultiplyAdd(i, x, x);
            j = Vector256.FusedMultiplyAdd(j, x, x);
            k = Vector256.FusedMultiplyAdd(k, x, x);
            l = Vector256.FusedMultiplyAdd(l, x, x);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
