using AnalogHil.Core.Statistics;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Statistics;

public sealed class RobustScaleTests(ITestOutputHelper output)
{
    [Fact]
    public void Of_GaussianReads_IsUnbiasedAndAsEfficientAsStated()
    {
        // 400 samples of 400: a bias of 1 % is 5 standard errors of the mean of Qn; an efficiency has a standard error of 7 %, 4 of them are allowed.
        const int seed = 11;
        const int runs = 400;
        const int n = 400;
        var random = new Random(seed);
        double[] qn = new double[runs];
        double[] huber = new double[runs];
        double[] sample = new double[runs];
        for (int run = 0; run < runs; run++)
        {
            double[] reads = [.. Enumerable.Range(0, n).Select(_ => 3 + 2 * Synthetic.Normal(random))];
            qn[run] = QnScale.Of(reads) / 2;
            huber[run] = HuberScale.Of([.. reads.Chunk(50)]).Value / 2;
            sample[run] = Math.Sqrt(reads.Sum(read => (read - reads.Average()) * (read - reads.Average())) / (n - 1)) / 2;
        }

        double qnEfficiency = Variance(sample) / Variance(qn);
        double huberEfficiency = Variance(sample) / Variance(huber);
        output.WriteLine($"Qn mean {qn.Average():F4}, efficiency {qnEfficiency:F3} (stated {QnScale.Efficiency}); Huber mean {huber.Average():F4}, efficiency {huberEfficiency:F3} (stated {HuberScale.Efficiency():F3} before the means' own cost), seed {seed}");
        Assert.Equal(1, qn.Average(), 0.01);
        Assert.Equal(1, huber.Average(), 0.01);
        Assert.InRange(qnEfficiency, 0.823 - 0.25, 0.823 + 0.25);
        Assert.InRange(huberEfficiency, HuberScale.Efficiency() - 0.25, HuberScale.Efficiency() + 0.25);
    }

    [Fact]
    public void Of_FivePercentWildReads_MovesLittle()
    {
        // Reads 20 sigma out, 5 %: the sample's standard deviation is 4.6 times too large.
        var random = new Random(12);
        double[] reads = [.. Enumerable.Range(0, 4000).Select(i => (i % 20 == 0 ? 20 : 0) + Synthetic.Normal(random))];
        double qn = QnScale.Of(reads);
        double huber = HuberScale.Of([.. reads.Chunk(100)]).Value;
        output.WriteLine($"Qn {qn:F3}, Huber {huber:F3}, truth 1, seed 12");
        Assert.InRange(qn, 0.95, 1.2);
        Assert.InRange(huber, 0.95, 1.25);
    }

    [Fact]
    public void Efficiency_KnownCut_IsTheIntegral()
    {
        // Simpson over the Gaussian for k = 2.
        double squares = 0;
        double rho = 0;
        double rho2 = 0;
        const double h = 0.001;
        for (double z = -9; z < 9; z += h)
        {
            double density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * h;
            double r = Math.Min(z * z, 4);
            rho += r * density;
            rho2 += r * r * density;
            squares += Math.Abs(z) < 2 ? z * z * density : 0;
        }

        Assert.Equal(2 * squares * squares / (rho2 - rho * rho), HuberScale.Efficiency(2), 1e-3);
    }

    [Fact]
    public void Test_EqualVariances_RejectsAtItsLevel()
    {
        // 2000 trials at 5 %: band of 99 %.
        const int seed = 13;
        const int runs = 2000;
        var random = new Random(seed);
        int rejected = 0;
        double[] dof = [.. Enumerable.Repeat(31.0, 32)];
        for (int run = 0; run < runs; run++)
        {
            double[] variances = [.. dof.Select(d => MathNet.Numerics.Distributions.ChiSquared.Sample(random, d) / d)];
            rejected += EqualVariances.Test(variances, dof).Probability < 0.05 ? 1 : 0;
        }

        (int low, int high) = BinomialBand.TwoSided(runs, 0.05, 0.99);
        output.WriteLine($"{rejected} of {runs} rejected at 5 % ({low} .. {high}), seed {seed}");
        Assert.InRange(rejected, low, high);
    }

    [Fact]
    public void Test_OneLoudGroup_IsRejected() =>
        Assert.True(EqualVariances.Test([1, 1.02, 0.98, 2], [200, 200, 200, 200]).Probability < 1e-6);

    private static double Variance(double[] values) => values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1);
}
