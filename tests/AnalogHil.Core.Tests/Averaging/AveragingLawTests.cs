using System.Collections.Immutable;
using AnalogHil.Core.Averaging;
using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.Distributions;
using Xunit.Abstractions;

namespace AnalogHil.Core.Tests.Averaging;

public sealed class AveragingLawTests(ITestOutputHelper output)
{
    private static AveragingLaw Autoregressive(double rho, double v0 = 0, int lags = 200) =>
        new(1, v0, [.. Enumerable.Range(1, lags).Select(lag => Math.Pow(rho, lag))]);

    [Fact]
    public void EffectiveRepeats_AutoregressiveReads_IsTheOracle()
    {
        Assert.Equal(2.44, Autoregressive(0.8).EffectiveRepeats(16), 2);
    }

    [Fact]
    public void Variance_WhiteReadsWithAFloor_FallsToTheFloor()
    {
        var law = new AveragingLaw(3, 0.5);

        Assert.Equal(3.5, law.Variance(1), 12);
        Assert.Equal(3.0 / 8 + 0.5, law.Variance(8), 12);
        Assert.Equal(law.Variance(8) / 3.5, law.Factor(8), 12);
        Assert.Equal(3.0 / 8 / 3.5, law.AveragingFactor(8), 12);
        Assert.Equal(law.AveragingFactor(5.5), law.LogSlope(5.5), 12);
    }

    [Fact]
    public void Kappa_ReadsThatAreAllTheSame_IsK()
    {
        var law = new AveragingLaw(1, 0, [.. Enumerable.Repeat(1.0, 40)]);

        Assert.Equal(17, law.Kappa(17), 12);
        Assert.Equal(1, law.Variance(17), 12);
    }

    [Fact]
    public void Variance_SimulatedAutoregressiveReads_Agrees()
    {
        // Mean of 6 reads with correlation 0.7; 40000 means, the variance known to 0.7 %, limits at 5 sigma.
        const int seed = 3;
        output.WriteLine($"seed {seed}, false-alarm rate below 1e-6");
        var random = new Random(seed);
        const int trials = 40000;
        double squares = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            double read = Normal.Sample(random, 0, 1);
            double sum = read;
            for (int k = 1; k < 6; k++)
            {
                read = 0.7 * read + Math.Sqrt(1 - 0.49) * Normal.Sample(random, 0, 1);
                sum += read;
            }

            squares += sum * sum / 36;
        }

        double expected = Autoregressive(0.7).Variance(6);
        Assert.Equal(expected, squares / trials, 5 * expected * Math.Sqrt(2.0 / trials));
    }

    [Theory]
    [InlineData(0.8)]
    [InlineData(-0.6)]
    [InlineData(0.2)]
    public void Variance_RealK_IsContinuousAndBetweenItsIntegerNeighbours(double rho)
    {
        AveragingLaw law = Autoregressive(rho, 0.1);
        for (int k = 1; k < 30; k++)
        {
            double here = law.Variance(k);
            double next = law.Variance(k + 1);
            Assert.Equal(here, law.Variance(k + 1e-9), 7);
            Assert.Equal(next, law.Variance(k + 1 - 1e-9), 7);
            for (double part = 0.1; part < 1; part += 0.1)
            {
                Assert.InRange(law.Variance(k + part), Math.Min(here, next) - 1e-12, Math.Max(here, next) + 1e-12);
            }
        }
    }

    [Fact]
    public void LogSlope_AnyRealK_IsTheDerivative()
    {
        Arbitrary<(double Rho, double K)> cases = Arb.From(
            from rho in Gen.Choose(-90, 90) from k in Gen.Choose(100, 4000) select (rho / 100.0, k / 100.0 + 0.003));
        Prop.ForAll(cases, at =>
        {
            AveragingLaw law = Autoregressive(at.Rho, 0.3);
            const double step = 1e-6;
            double numeric = -(law.Factor(at.K * (1 + step)) - law.Factor(at.K * (1 - step))) / (2 * step);
            return Math.Abs(law.LogSlope(at.K) - numeric) < 1e-6;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Equals_SameFiguresInOtherArrays_IsTrue()
    {
        Assert.Equal(new AveragingLaw(1, 2, [0.5, 0.25]), new AveragingLaw(1, 2, [0.5, 0.25]));
        Assert.NotEqual(new AveragingLaw(1, 2, [0.5, 0.25]), new AveragingLaw(1, 2, [0.5, 0.2]));
    }

    [Fact]
    public void Constructor_DefaultCorrelation_IsWhite()
    {
        Assert.Equal(AveragingLaw.White, new AveragingLaw(1, 0, default(ImmutableArray<double>)));
    }

    [Fact]
    public void Constructor_CorrelationsThatNoProcessHas_AreRefusedWithARemedy()
    {
        Assert.Contains("cut the lags", Assert.Throws<ArgumentException>(() => new AveragingLaw(1, 0, [-0.9])).Message, StringComparison.Ordinal);
        Assert.Contains("lag 2", Assert.Throws<ArgumentException>(() => new AveragingLaw(1, 0, [0.5, 1.5])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NegativeVariance_IsRefusedAlsoThroughWith()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AveragingLaw(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => AveragingLaw.White with { V0 = double.NaN });
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void Variance_LessThanOneRead_IsRefused(double repeats)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => AveragingLaw.White.Variance(repeats));
    }

    [Fact]
    public void Factor_LawWithoutVariance_SaysThatThereIsNothingToScale()
    {
        Assert.Throws<InvalidOperationException>(() => new AveragingLaw(0, 0).Factor(2));
    }
}
