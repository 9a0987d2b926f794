namespace AnalogHil.Calibration.Estimation;

/// <summary>min (theta' H theta) / 2 - c' theta over theta >= 0, for the handful of parameters of a noise mix.</summary>
internal static class NonNegativeLeastSquares
{
    /// <summary>Solves by trying the active sets from the unconstrained one on: exact, since H is positive definite and p is at most about 8.</summary>
    /// <param name="hessian">[p x p] row-major, positive definite on the parameters that matter.</param>
    /// <param name="linear">[p].</param>
    public static double[] Solve(double[] hessian, double[] linear)
    {
        int p = linear.Length;
        double[] theta = new double[p];
        bool[] free = new bool[p];
        for (int round = 0; round < 3 * p + 3; round++)
        {
            // Lawson and Hanson: free the parameter whose gradient asks for it most, then step back to the boundary as often as needed.
            int enter = -1;
            double steepest = 1e-12;
            for (int j = 0; j < p; j++)
            {
                double slope = linear[j];
                double size = Math.Abs(linear[j]);
                for (int k = 0; k < p; k++)
                {
                    slope -= hessian[j * p + k] * theta[k];
                    size += Math.Abs(hessian[j * p + k] * theta[k]);
                }

                if (!free[j] && hessian[j * p + j] > 0 && size > 0 && slope / size > steepest)
                {
                    steepest = slope / size;
                    enter = j;
                }
            }

            if (enter < 0)
            {
                break;
            }

            free[enter] = true;
            while (true)
            {
                double[] trial = SolveFree(hessian, linear, free);
                double step = 1;
                for (int j = 0; j < p; j++)
                {
                    if (free[j] && trial[j] <= 0)
                    {
                        step = Math.Min(step, theta[j] / (theta[j] - trial[j] + double.Epsilon));
                    }
                }

                bool inside = true;
                for (int j = 0; j < p; j++)
                {
                    inside &= !free[j] || trial[j] > 0;
                }

                if (inside)
                {
                    theta = trial;
                    break;
                }

                for (int j = 0; j < p; j++)
                {
                    if (free[j])
                    {
                        theta[j] += step * (trial[j] - theta[j]);
                        if (trial[j] <= 0 && theta[j] <= 1e-14 * Math.Abs(trial[j]) + 1e-300)
                        {
                            theta[j] = 0;
                            free[j] = false;
                        }
                    }
                }
            }
        }

        return theta;
    }

    /// <summary>Cholesky solution over the free parameters, zero elsewhere.</summary>
    private static double[] SolveFree(double[] hessian, double[] linear, bool[] free)
    {
        int p = linear.Length;
        int[] index = [.. Enumerable.Range(0, p).Where(j => free[j])];
        double[,] matrix = new double[index.Length, index.Length];
        double[] right = new double[index.Length];
        for (int a = 0; a < index.Length; a++)
        {
            right[a] = linear[index[a]];
            for (int b = 0; b < index.Length; b++)
            {
                matrix[a, b] = hessian[index[a] * p + index[b]];
            }
        }

        double[] solution = SymmetricSolver.Solve(matrix, right);
        double[] theta = new double[p];
        for (int a = 0; a < index.Length; a++)
        {
            theta[index[a]] = solution[a];
        }

        return theta;
    }
}
