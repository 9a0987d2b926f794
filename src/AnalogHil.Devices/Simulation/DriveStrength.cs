using System.Numerics;
using System.Runtime.InteropServices;

namespace AnalogHil.Devices.Simulation;

/// <summary>How strongly each vector drives the rows, and what noise that makes.</summary>
internal static class DriveStrength
{
    /// <summary>sum u^2 and sum |u| of every vector of <paramref name="driven"/> [vectors x rows].</summary>
    public static void Measure(ReadOnlySpan<float> driven, int rows, Span<float> squares, Span<float> magnitudes)
    {
        int width = Vector<float>.Count;
        for (int v = 0; v < squares.Length; v++)
        {
            ReadOnlySpan<float> u = driven.Slice(v * rows, rows);
            ReadOnlySpan<Vector<float>> lanes = MemoryMarshal.Cast<float, Vector<float>>(u);
            Vector<float> square = Vector<float>.Zero;
            Vector<float> magnitude = Vector<float>.Zero;
            foreach (Vector<float> lane in lanes)
            {
                square += lane * lane;
                magnitude += Vector.Abs(lane);
            }

            float sumOfSquares = Vector.Sum(square);
            float sumOfMagnitudes = Vector.Sum(magnitude);
            for (int k = lanes.Length * width; k < rows; k++)
            {
                sumOfSquares += u[k] * u[k];
                sumOfMagnitudes += Math.Abs(u[k]);
            }

            squares[v] = sumOfSquares;
            magnitudes[v] = sumOfMagnitudes;
        }
    }

    /// <summary>Standard deviation of the fresh part of one read of every vector, times <paramref name="scale"/>.</summary>
    public static void Deviation(
        in ColumnNoise noise, ReadOnlySpan<float> squares, ReadOnlySpan<float> magnitudes, float scale, Span<float> deviation)
    {
        float constant = (float)noise.Constant;
        float perSquare = (float)noise.PerSquare;
        float perMagnitude = (float)noise.PerMagnitude;
        int width = Vector<float>.Count;
        int v = 0;
        for (; v <= deviation.Length - width; v += width)
        {
            Vector<float> variance = new Vector<float>(constant)
                + perSquare * new Vector<float>(squares[v..]) + perMagnitude * new Vector<float>(magnitudes[v..]);
            (scale * Vector.SquareRoot(variance)).CopyTo(deviation[v..]);
        }

        for (; v < deviation.Length; v++)
        {
            deviation[v] = scale * MathF.Sqrt(constant + perSquare * squares[v] + perMagnitude * magnitudes[v]);
        }
    }
}
