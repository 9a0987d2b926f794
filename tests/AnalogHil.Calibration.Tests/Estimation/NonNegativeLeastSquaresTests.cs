using AnalogHil.Calibration.Estimation;
using FsCheck;
using FsCheck.Fluent;

namespace AnalogHil.Calibration.Tests.Estimation;

public sealed class NonNegativeLeastSquaresTests
{
    [Fact]
    public void Solve_AnyProblem_MeetsTheOptimalityConditions()
    {
        // Karush, Kuhn and Tucker: theta >= 0, gradient 0 where theta > 0 and not negative where theta = 0.
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            int p = random.Next(1, 7);
            double[] root = [.. Enumerable.Range(0, (p + 2) * p).Select(_ => random.NextDouble() * Math.Pow(10, random.Next(-2, 3)))];
            double[] hessian = new double[p * p];
            double[] linear = new double[p];
            for (int i = 0; i < p + 2; i++)
            {
                double target = random.NextDouble() * 2 - 0.7;
                for (int j = 0; j < p; j++)
                {
                    linear[j] += root[i * p + j] * target;
                    for (int k = 0; k < p; k++)
                    {
                        hessian[j * p + k] += root[i * p + j] * root[i * p + k];
                    }
                }
            }

            double[] theta = NonNegativeLeastSquares.Solve(hessian, linear);
            for (int j = 0; j < p; j++)
            {
                double gradient = -linear[j];
                double size = Math.Abs(linear[j]);
                for (int k = 0; k < p; k++)
                {
                    gradient += hessian[j * p + k] * theta[k];
                    size += Math.Abs(hessian[j * p + k] * theta[k]);
                }

                Assert.True(theta[j] >= 0);
                Assert.True(theta[j] > 0 ? Math.Abs(gradient) < 1e-6 * size : gradient > -1e-6 * size, $"seed {seed}, parameter {j}: theta {theta[j]}, gradient {gradient} of {size}");
            }
        }).QuickCheckThrowOnFailure();
    }
}
