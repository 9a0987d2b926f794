using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AnalogHil.Core.Numerics;

/// <summary>
/// Counter-based standard normal numbers: number j of a key is a pure function of (key, j), so any partition of the work over threads,
/// tiles or batches draws the same numbers, and so does any machine, bit for bit.
/// </summary>
/// <remarks>
/// Philox4x32-10 and Box-Muller in single precision (relative error of a number about 1E-6); magnitudes reach 7.4. Numbers are made in groups of 16
/// that start at multiples of 16: a call that begins or ends inside a group draws the whole group.
/// </remarks>
public static unsafe class GaussianGenerator
{
    private const int GroupLength = 16;

    private const int ScratchLength = 256;

    /// <summary>
    /// Fills <paramref name="destination"/> with numbers <paramref name="start"/>, <paramref name="start"/> + 1, ... of <paramref name="key"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The counter would pass 2^64.</exception>
    public static void Fill(GaussianKey key, ulong start, Span<float> destination)
    {
        CheckRange(start, destination.Length);
        ulong group = start / GroupLength;
        int skip = (int)(start % GroupLength);
        if (skip != 0)
        {
            int length = Math.Min(GroupLength - skip, destination.Length);
            DrawPart(key, group, skip, destination[..length]);
            destination = destination[length..];
            group++;
        }

        int groups = destination.Length / GroupLength;
        fixed (float* target = destination)
        {
            Draw(key, group, groups, target);
        }

        destination = destination[(groups * GroupLength)..];
        if (!destination.IsEmpty)
        {
            DrawPart(key, group + (ulong)groups, 0, destination);
        }
    }

    /// <summary>Adds Gaussian noise of one standard deviation: values[i] += standardDeviation x number (<paramref name="start"/> + i), rounded once.</summary>
    /// <param name="key">Key of the stream.</param>
    /// <param name="start">Number added to the first value.</param>
    /// <param name="standardDeviation">In the unit of the values.</param>
    /// <param name="values">Changed in place.</param>
    /// <exception cref="ArgumentOutOfRangeException">The counter would pass 2^64.</exception>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(GaussianKey key, ulong start, float standardDeviation, Span<float> values)
    {
        CheckRange(start, values.Length);
        float* scratch = stackalloc float[ScratchLength];
        while (!values.IsEmpty)
        {
            int length = Chunk(start, values.Length);
            Fill(key, start, new Span<float>(scratch, length));
            fixed (float* target = values)
            {
                int i = 0;
                for (; i <= length - 8; i += 8)
                {
                    Vector256.FusedMultiplyAdd(Vector256.Create(standardDeviation), Vector256.Load(scratch + i), Vector256.Load(target + i)).Store(target + i);
                }

                for (; i < length; i++)
                {
                    target[i] = MathF.FusedMultiplyAdd(standardDeviation, scratch[i], target[i]);
                }
            }

            start += (ulong)length;
            values = values[length..];
        }
    }

    /// <summary>
    /// Adds Gaussian noise with a standard deviation for each value: values[i] += standardDeviations[i] x number (<paramref name="start"/> + i), rounded once.
    /// </summary>
    /// <param name="key">Key of the stream.</param>
    /// <param name="start">Number added to the first value.</param>
    /// <param name="standardDeviations">One for each value, in the unit of the values.</param>
    /// <param name="values">Changed in place.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The counter would pass 2^64.</exception>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(GaussianKey key, ulong start, ReadOnlySpan<float> standardDeviations, Span<float> values)
    {
        if (standardDeviations.Length != values.Length)
        {
            throw new ArgumentException(
                $"{standardDeviations.Length} standard deviations for {values.Length} values: give one for each value", nameof(standardDeviations));
        }

        CheckRange(start, values.Length);
        float* scratch = stackalloc float[ScratchLength];
        while (!values.IsEmpty)
        {
            int length = Chunk(start, values.Length);
            Fill(key, start, new Span<float>(scratch, length));
            fixed (float* scale = standardDeviations, target = values)
            {
                int i = 0;
                for (; i <= length - 8; i += 8)
                {
                    Vector256.FusedMultiplyAdd(Vector256.Load(scale + i), Vector256.Load(scratch + i), Vector256.Load(target + i)).Store(target + i);
                }

                for (; i < length; i++)
                {
                    target[i] = MathF.FusedMultiplyAdd(scale[i], scratch[i], target[i]);
                }
            }

            start += (ulong)length;
            standardDeviations = standardDeviations[length..];
            values = values[length..];
        }
    }

    // Ends on a group boundary, so no group is drawn twice.
    private static int Chunk(ulong start, int remaining) => Math.Min(remaining, ScratchLength - (int)(start % GroupLength));

    [SkipLocalsInit]
    private static void DrawPart(GaussianKey key, ulong group, int skip, Span<float> destination)
    {
        float* whole = stackalloc float[GroupLength];
        Draw(key, group, 1, whole);
        new ReadOnlySpan<float>(whole + skip, destination.Length).CopyTo(destination);
    }

    private static void Draw(GaussianKey key, ulong group, int groups, float* destination)
    {
        // Wide vectors first; the narrowest, one group a step, finish.
        int done = 0;
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
        {
            done = GaussianKernel<Lanes512, Vector512<uint>>.Draw(key.Value, group, groups, destination);
        }

        if (Avx2.IsSupported)
        {
            done += GaussianKernel<Lanes256, Vector256<uint>>.Draw(key.Value, group + (ulong)done, groups - done, destination + (nint)done * GroupLength);
        }

        GaussianKernel<Lanes128, Vector128<uint>>.Draw(key.Value, group + (ulong)done, groups - done, destination + (nint)done * GroupLength);
    }

    private static void CheckRange(ulong start, int length)
    {
        if (length > 0 && start > ulong.MaxValue - (ulong)(length - 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), start, $"{length} numbers from {start} on pass the end of the stream (2^64 numbers); start lower or derive another key");
        }
    }
}
