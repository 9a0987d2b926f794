using MathNet.Numerics.LinearAlgebra;

namespace AnalogHil.Calibration.Estimation;

/// <summary>How well a design separates its parameters.</summary>
internal static class Conditioning
{
    /// <summary>2-norm condition number of the weighted design (columns scaled to unit length) whose information matrix is given.</summary>
    public static double Number(double[,] information)
    {
        int p = information.GetLength(0);
        Matrix<double> scaled = Matrix<double>.Build.Dense(
            p, p, (i, j) => information[i, j] / Math.Sqrt(information[i, i] * information[j, j]));

        // The information is the square of the design.
        return Math.Sqrt(scaled.ConditionNumber());
    }
}
