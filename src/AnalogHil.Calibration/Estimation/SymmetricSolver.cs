using MathNet.Numerics.LinearAlgebra;

namespace AnalogHil.Calibration.Estimation;

/// <summary>Small symmetric positive definite systems, scaled to unit diagonal first because variances per unit sigma^2 differ by orders of
/// magnitude.</summary>
internal static class SymmetricSolver
{
    /// <summary>x of A x = b.</summary>
    public static double[] Solve(double[,] matrix, double[] right)
    {
        double[] scale = Scale(matrix);
        Vector<double> solution = Scaled(matrix, scale).Cholesky().Solve(Vector<double>.Build.Dense(right.Length, i => right[i] * scale[i]));
        return [.. solution.Select((value, i) => value * scale[i])];
    }

    /// <summary>A^-1.</summary>
    public static double[,] Inverse(double[,] matrix)
    {
        double[] scale = Scale(matrix);
        double[,] inverse = Scaled(matrix, scale).Cholesky().Solve(Matrix<double>.Build.DenseIdentity(scale.Length)).ToArray();
        for (int i = 0; i < scale.Length; i++)
        {
            for (int j = 0; j < scale.Length; j++)
            {
                inverse[i, j] *= scale[i] * scale[j];
            }
        }

        return inverse;
    }

    private static double[] Scale(double[,] matrix) =>
        [.. Enumerable.Range(0, matrix.GetLength(0)).Select(i => 1 / Math.Sqrt(matrix[i, i]))];

    private static Matrix<double> Scaled(double[,] matrix, double[] scale) =>
        Matrix<double>.Build.Dense(scale.Length, scale.Length, (i, j) => matrix[i, j] * scale[i] * scale[j] + (i == j ? 1e-13 : 0));
}
