using AnalogHil.Calibration.Reading;
using AnalogHil.Core.Statistics;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Reading;

public sealed class SpreadSumTests(ITestOutputHelper output)
{
    [Fact]
    public void Variance_SeveralColumns_IsTheirPooledVarianceOverGainSquared()
    {
        var random = new Random(1);
        float[] reads = [.. Enumerable.Range(0, 20 * 3).Select(i => (float)(10 * (i % 3) + random.NextDouble()))];
        float[] gain = [1, 2, 0.5f];
        var spread = new SpreadSum();
        spread.Add(reads, 20, gain);
        double expected = 0;
        for (int c = 0; c < 3; c++)
        {
            var one = new SampleVariance();
            one.Add(reads.Where((_, i) => i % 3 == c).ToArray());
            expected += one.Variance / (gain[c] * gain[c]) / 3;
        }

        Assert.Equal(expected, spread.Variance, 1e-6);
        Assert.Equal(57, spread.Dof);
        Assert.Equal((1 + 0.25 + 4) / 3, spread.ConverterGain, 1e-9);
    }

    [Fact]
    public void ExcessKurtosis_KnownDistributions_IsTheirs()
    {
        // Uniform -1.2, Laplace 3, Gaussian 0; 200 000 reads: standard errors below 0.06 (Laplace), bands of five of them.
        const int seed = 2;
        var random = new Random(seed);
        double uniform = Kurtosis(() => random.NextDouble());
        double laplace = Kurtosis(() => Math.Log(1 - random.NextDouble()) * (random.Next(2) * 2 - 1));
        double gaussian = Kurtosis(() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        output.WriteLine($"uniform {uniform:F3}, Laplace {laplace:F3}, Gaussian {gaussian:F3}, seed {seed}");
        Assert.Equal(-1.2, uniform, 0.05);
        Assert.Equal(3, laplace, 0.4);
        Assert.Equal(0, gaussian, 0.06);
    }

    [Fact]
    public void EffectiveDof_HeavyTails_IsWhatTheSpreadOfVariancesSays()
    {
        // Laplace: Var(s^2) = 2 v^2 / dof (1 + 3/2) to first order. 2000 variances: their own variance is known to about 4 %.
        const int seed = 3;
        var random = new Random(seed);
        var variances = new SampleVariance();
        double dof = 0;
        for (int i = 0; i < 2000; i++)
        {
            var spread = new SpreadSum();
            float[] reads = [.. Enumerable.Range(0, 32 * 16).Select(_ => (float)(Math.Log(1 - random.NextDouble()) * (random.Next(2) * 2 - 1)))];
            spread.Add(reads, 32, Enumerable.Repeat(1f, 16).ToArray());
            variances.Add(spread.Variance);
            dof += spread.EffectiveDof / 2000;
        }

        double achieved = 2 * variances.Mean * variances.Mean / variances.Variance;
        output.WriteLine($"effective {dof:F0}, achieved {achieved:F0}, nominal {31 * 16}, seed {seed}");
        Assert.InRange(dof / achieved, 0.85, 1.2);
    }

    [Fact]
    public void VonNeumannScore_IndependentReads_IsStandardNormal()
    {
        // 500 scores: their standard deviation lies within 0.88 .. 1.12 but for one seed in 5000.
        const int seed = 4;
        var random = new Random(seed);
        var scores = new SampleVariance();
        for (int i = 0; i < 500; i++)
        {
            var spread = new SpreadSum();
            float[] reads = [.. Enumerable.Range(0, 32 * 8).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
            spread.Add(reads, 32, Enumerable.Repeat(1f, 8).ToArray());
            scores.Add((spread.VonNeumannRatio - 1) / Math.Sqrt(spread.VonNeumannVariance));
        }

        output.WriteLine($"mean {scores.Mean:F3}, standard deviation {Math.Sqrt(scores.Variance):F3}, seed {seed}");
        Assert.InRange(Math.Sqrt(scores.Variance), 0.88, 1.12);
        Assert.InRange(scores.Mean, -0.2, 0.2);
    }

    private static double Kurtosis(Func<double> draw)
    {
        var spread = new SpreadSum();
        for (int i = 0; i < 200; i++)
        {
            spread.Add([.. Enumerable.Range(0, 1000).Select(_ => (float)draw())], 1000, [1f]);
        }

        return spread.ExcessKurtosis;
    }
}
