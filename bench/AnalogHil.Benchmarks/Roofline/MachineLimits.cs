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
    private const int TogetherRuns = 5;

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

    /// <summary>The same of several threads at the same time, each with a loop of its own: all they do together in a second.</summary>
    public static MachineLimits Together(int threads)
    {
        const int Steps = 20_000_000;
        return new MachineLimits(
            Rate(threads, _ => MultiplyAdds(Steps), 12.0 * Steps * Vector256<float>.Count * 2),
            Rate(threads, room => room.Source.CopyTo(room.Target, 0), 2.0 * sizeof(float) * Room.Floats),
            Rate(threads, room => Draw(room.Target), Room.Floats));
    }

    private static double Rate(int threads, Action<Room> work, double amount)
    {
        double best = 0;
        Room[] rooms = [.. Enumerable.Range(0, threads).Select(_ => new Room())];
        using var start = new Barrier(threads);
        for (int run = 0; run < TogetherRuns; run++)
        {
            // Each thread looks at the clock itself: the one that waits for them may not be running while they are.
            Thread[] all = [.. rooms.Select(room => new Thread(() =>
            {
                start.SignalAndWait();
                room.Begun = Stopwatch.GetTimestamp();
                work(room);
                room.Ended = Stopwatch.GetTimestamp();
            }))];
            Array.ForEach(all, thread => thread.Start());
            Array.ForEach(all, thread => thread.Join());
            double seconds = Stopwatch.GetElapsedTime(rooms.Min(room => room.Begun), rooms.Max(room => room.Ended)).TotalSeconds;
            best = Math.Max(best, threads * amount / seconds);
        }

        return best;
    }

    // In pieces that stay in the first-level cache.
    private static void Draw(float[] numbers)
    {
        for (int first = 0; first < numbers.Length; first += 2048)
        {
            GaussianGenerator.Fill(GaussianKey.Derive(1), (ulong)first, numbers.AsSpan(0, 2048));
        }
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

    private sealed class Room
    {
        public const int Floats = 16 << 20;

        public float[] Source { get; } = new float[Floats];

        public float[] Target { get; } = new float[Floats];

        public long Begun { get; set; }

        public long Ended { get; set; }
    }
}
