using AnalogHil.Core.Numerics;
using AnalogHil.Devices.Simulation.Cells;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Tests.Simulation.Cells;

/// <summary>Counts against the Poisson law at 5 standard errors: false alarm 6E-7 a comparison, 2E-5 for the class.</summary>
public sealed class PoissonSamplerTests(ITestOutputHelper output)
{
    private const int Draws = 100_000;

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.7)]
    [InlineData(9.9)]
    [InlineData(10.1)]
    [InlineData(55)]
    [InlineData(4e3)]
    [InlineData(7e6)]
    [InlineData(3e9)]
    public void Draw_AnyMean_HasMeanEqualToVariance(double mean)
    {
        double[] counts = Counts(mean, 61);
        double average = counts.Average();
        double variance = counts.Sum(count => (count - average) * (count - average)) / (Draws - 1);

        // Var(s^2) = (mu4 - mu2^2) / n with mu4 = mu + 3 mu^2; third central moment mu.
        double skewness = counts.Average(count => Math.Pow((count - average) / Math.Sqrt(variance), 3));
        double meanError = Math.Sqrt(mean / Draws);
        double varianceError = Math.Sqrt((mean + 2 * mean * mean) / Draws);
        output.WriteLine($"seed 61, mean {mean}: mean {average / mean:F5}, variance / mean {variance / mean:F5}, skewness {skewness:F4} (Poisson {1 / Math.Sqrt(mean):F4}, normal 0)");
        Assert.InRange(average, mean - 5 * meanError, mean + 5 * meanError);
        Assert.InRange(variance, mean - 5 * varianceError, mean + 5 * varianceError);
        if (mean > 1)
        {
            Assert.InRange(skewness, 1 / Math.Sqrt(mean) - 5 * Math.Sqrt((6 + 60 / mean) / Draws), 1 / Math.Sqrt(mean) + 5 * Math.Sqrt((6 + 60 / mean) / Draws));
        }
    }

    [Theory]
    [InlineData(3.0)]
    [InlineData(12.5)]
    [InlineData(40)]
    public void Draw_EveryCount_HasItsProbability(double mean)
    {
        // Chi-squared over counts of at least 20 expected draws; mean + 5 deviations of it, false alarm below 1E-5.
        double[] counts = Counts(mean, 62);
        double chi = 0;
        int bins = 0;
        for (int n = 0; n < 200; n++)
        {
            double expected = Draws * Math.Exp(n * Math.Log(mean) - mean - Enumerable.Range(1, n).Sum(i => Math.Log(i)));
            if (expected >= 20)
            {
                int seen = counts.Count(count => count == n);
                chi += (seen - expected) * (seen - expected) / expected;
                bins++;
            }
        }

        output.WriteLine($"seed 62, mean {mean}: chi-squared {chi:F1} of {bins} bins");
        Assert.InRange(chi, 0, bins + 5 * Math.Sqrt(2 * bins));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 4.787491742782046)]
    [InlineData(12, 19.987214495661886)]
    [InlineData(100, 363.73937555556349)]
    public void LogFactorial_KnownValues_AreMet(double n, double expected) => Assert.Equal(expected, PoissonSampler.LogFactorial(n), 1e-9);

    private static double[] Counts(double mean, ulong seed)
    {
        var random = new CellRandom(seed);
        var normals = new NormalStream(GaussianKey.Derive(seed));
        return [.. Enumerable.Range(0, Draws).Select(_ => PoissonSampler.Draw(mean, random, normals))];
    }
}
