using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Estimation;

/// <summary>
/// Law of the likelihood ratio of one strength that cannot be negative (Self and Liang 1987): half 0, half chi-square where all others are well
/// above 0; where others sit on their own boundary, by drawing scores with the fitted information and solving both cones.
/// </summary>
internal static class ChiBarSquare
{
    private const int Draws = 4000;

    /// <summary>P(ratio >= statistic) when parameter <paramref name="tested"/> is 0.</summary>
    /// <param name="statistic">The likelihood ratio.</param>
    /// <param name="information">Expected information about all parameters.</param>
    /// <param name="tested">The parameter under test.</param>
    /// <param name="boundary">Whether the fit without it puts a parameter at 0.</param>
    public static double Tail(double statistic, double[,] information, int tested, IReadOnlyList<bool> boundary)
    {
        if (statistic <= 0)
        {
            return 1;
        }

        double half = 0.5 * (1 - ChiSquared.CDF(1, statistic));
        int[] cone = [tested, .. Enumerable.Range(0, boundary.Count).Where(j => j != tested && boundary[j] && information[j, j] > 0)];

        // Beyond these the decision at any usual level is the same under every mixture.
        return cone.Length == 1 || half < 1e-4 || half > 0.25 ? half : Drawn(statistic, Reduced(information, cone));
    }

    private static double Drawn(double statistic, double[,] matrix)
    {
        int p = matrix.GetLength(0);
        double[] hessian = new double[p * p];
        double[] others = new double[(p - 1) * (p - 1)];
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j < p; j++)
            {
                hessian[i * p + j] = matrix[i, j];
                if (i > 0 && j > 0)
                {
                    others[(i - 1) * (p - 1) + j - 1] = matrix[i, j];
                }
            }
        }

        double[,] root = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(matrix).Cholesky().Factor.ToArray();
        var random = new Random(12345);
        int above = 0;
        double[] z = new double[p];
        for (int draw = 0; draw < Draws; draw++)
        {
            for (int i = 0; i < p; i++)
            {
                z[i] = Normal.Sample(random, 0, 1);
            }

            double[] score = [.. Enumerable.Range(0, p).Select(i => Enumerable.Range(0, i + 1).Sum(j => root[i, j] * z[j]))];
            double ratio = Gain(hessian, score) - Gain(others, score[1..]);
            above += ratio >= statistic ? 1 : 0;
        }

        return (above + 1.0) / (Draws + 1);
    }

    // Rise of twice the log likelihood over the cone theta >= 0.
    private static double Gain(double[] hessian, double[] score) => NonNegativeLeastSquares.Solve(hessian, score).Zip(score, (t, c) => t * c).Sum();

    /// <summary>Information about the cone's parameters when all others are free.</summary>
    private static double[,] Reduced(double[,] information, int[] cone)
    {
        int p = information.GetLength(0);
        int[] free = [.. Enumerable.Range(0, p).Where(j => !cone.Contains(j) && information[j, j] > 0)];
        double[,] reduced = new double[cone.Length, cone.Length];
        double[,] inner = new double[free.Length, free.Length];
        for (int a = 0; a < free.Length; a++)
        {
            for (int b = 0; b < free.Length; b++)
            {
                inner[a, b] = information[free[a], free[b]];
            }
        }

        double[][] solved = [.. cone.Select(c => free.Length == 0 ? [] : SymmetricSolver.Solve(inner, [.. free.Select(f => information[f, c])]))];
        for (int a = 0; a < cone.Length; a++)
        {
            for (int b = 0; b < cone.Length; b++)
            {
                reduced[a, b] = information[cone[a], cone[b]] - free.Select((f, i) => information[cone[a], f] * solved[b][i]).Sum();
            }
        }

        return reduced;
    }
}
