using AnalogHil.Core.Noise;

namespace AnalogHil.Core.Tests.Noise;

/// <summary>
/// How well 3000 reads tell thermal, weight and shot noise of equal size apart: the information that a read's variance
/// v = t + u w + u a s carries about (t, w, s), u and a the fillings of input and weight. Corners of the cube against what a network happens to use.
/// </summary>
public sealed class SeparationDesignTests
{
    private const int Reads = 3000;

    [Fact]
    public void Corners_EqualParts_ReachTheOracle()
    {
        double[] percent = RelativeDeviations([(0, 0), (1, 0), (1, 1)]);

        Assert.Equal(4.5, percent[0], 0.05);
        Assert.Equal(10, percent[1], 0.05);
        Assert.Equal(16, percent[2], 0.5);
    }

    [Fact]
    public void NetworkData_SmallFillings_CannotSeparateThem()
    {
        // Even spread over u in 0.02 .. 0.15 and a in 0.01 .. 0.06, the fillings the design notes state as limits.
        var points = new List<(double U, double A)>();
        for (int i = 0; i < 50; i++)
        {
            for (int j = 0; j < 50; j++)
            {
                points.Add((0.02 + 0.13 * (i + 0.5) / 50, 0.01 + 0.05 * (j + 0.5) / 50));
            }
        }

        double[] percent = RelativeDeviations(points);

        Assert.Equal(6.5, percent[0], 0.05 * 6.5);
        Assert.Equal(104, percent[1], 0.05 * 104);
        Assert.Equal(2100, percent[2], 0.05 * 2100);
    }

    [Fact]
    public void Corners_FivePercentOnShotNoise_TakesTheReadsOfTheOracle()
    {
        Assert.Equal(5, RelativeDeviations([(0, 0), (1, 0), (1, 1)])[2] * Math.Sqrt(Reads / 31200.0), 0.01);
    }

    /// <summary>100 sqrt of the diagonal of the inverse information matrix, terms of size 1: each read gives f f' / (2 v^2).</summary>
    private static double[] RelativeDeviations(IReadOnlyList<(double U, double A)> points)
    {
        double[,] m = new double[3, 3];
        foreach ((double u, double a) in points)
        {
            double[] f = [1, u, u * a];

            // The law itself: one dot product of length 1 at spans of 1, fillings as its inputs.
            double v = ReferenceNoise.Thermal(1, 1, 1, 1, 1) + ReferenceNoise.Weight(1, 1, u, 1) + ReferenceNoise.ShotBalanced(1, a, u, 1);
            for (int row = 0; row < 3; row++)
            {
                for (int column = 0; column < 3; column++)
                {
                    m[row, column] += f[row] * f[column] / (2 * v * v) * Reads / points.Count;
                }
            }
        }

        double c0 = m[1, 1] * m[2, 2] - m[1, 2] * m[2, 1];
        double c1 = m[0, 0] * m[2, 2] - m[0, 2] * m[2, 0];
        double c2 = m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0];
        double determinant = m[0, 0] * c0 - m[0, 1] * (m[1, 0] * m[2, 2] - m[1, 2] * m[2, 0]) + m[0, 2] * (m[1, 0] * m[2, 1] - m[1, 1] * m[2, 0]);
        return [100 * Math.Sqrt(c0 / determinant), 100 * Math.Sqrt(c1 / determinant), 100 * Math.Sqrt(c2 / determinant)];
    }
}
