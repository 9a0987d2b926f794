using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;
using Xunit.Abstractions;

namespace AnalogHil.Core.Tests.Statistics;

public sealed class NonInferiorityTests(ITestOutputHelper output)
{
    private const double Margin = 0.02;

    [Theory]
    [InlineData(1000, 0.53)]
    [InlineData(5000, 1.34)]
    [InlineData(10000, 1.54)]
    [InlineData(50000, 1.79)]
    public void LargestCertifiableDrop_AtEightPercentDiscordance_ReproducesTheTable(long examples, double points)
    {
        Assert.Equal(points, 100 * NonInferiority.LargestCertifiableDrop(0.08, examples, Margin), 0.005);
    }

    [Fact]
    public void LargestCertifiableDrop_AtThatDrop_TheUpperLimitIsTheMargin()
    {
        double drop = NonInferiority.LargestCertifiableDrop(0.08, 3000, Margin, 0.025);

        Assert.Equal(Margin, drop + 1.959964 * Math.Sqrt((0.08 - drop * drop) / 3000), 1e-8);
    }

    [Theory]
    [InlineData(300, 250, 20000, Verdict.Accept)]
    [InlineData(900, 200, 20000, Verdict.Reject)]
    [InlineData(45, 28, 1000, Verdict.Inconclusive)]
    [InlineData(0, 0, 1000, Verdict.Accept)]
    [InlineData(0, 0, 100, Verdict.Inconclusive)]
    public void Decide_ByLimits_GivesTheVerdictItsLimitsSay(int b, int c, int n, Verdict expected)
    {
        NonInferiorityResult result = NonInferiority.Decide(new PairedCounts(b, c, n), Margin);

        Assert.Equal(expected, result.Verdict);
        Interval score = TangoInterval.Of(new PairedCounts(b, c, n), 0.9);
        Assert.Equal(new Interval(score.Low, c > 0 ? score.High : 1 - Math.Pow(0.05, 1.0 / n)), result.Limits);
        Assert.Equal(n, result.Examples);
        Assert.Equal((b - c) / (double)n, result.Drop, 12);
        Assert.Equal(expected == Verdict.Inconclusive, result.ExamplesToDecide is not null);
    }

    [Theory]
    [InlineData(45, 28, 1000, Verdict.Accept)]
    [InlineData(62, 35, 1000, Verdict.Reject)]
    [InlineData(0, 0, 100, Verdict.Accept)]
    public void Decide_WithTheExamplesAskedFor_DecidesAndNotMuchEarlier(int b, int c, int n, Verdict then)
    {
        long needed = NonInferiority.Decide(new PairedCounts(b, c, n), Margin).ExamplesToDecide!.Value;

        // The same proportions a little above and a little below what was asked for; 5 % covers rounding to whole examples.
        Assert.Equal(then, At(1.05).Verdict);
        Assert.Equal(Verdict.Inconclusive, At(0.95).Verdict);

        NonInferiorityResult At(double factor)
        {
            double scale = factor * needed / n;
            return NonInferiority.Decide(new PairedCounts((long)Math.Round(b * scale), (long)Math.Round(c * scale), (long)Math.Round(n * scale)), Margin);
        }
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.025)]
    [InlineData(0.01)]
    public void FewestExamples_AtUsualMargins_IsWhereDecideBeginsToAccept(double alpha)
    {
        for (int i = 0; i < 40; i++)
        {
            // From 0.05 to 80 points.
            double margin = 0.0005 * Math.Pow(1600, i / 39.0);
            long fewest = NonInferiority.FewestExamples(margin, alpha);
            long counted = 1;
            while (NonInferiority.Decide(new PairedCounts(0, 0, counted), margin, alpha).Verdict != Verdict.Accept)
            {
                counted++;
            }

            Assert.Equal(counted, fewest);
        }
    }

    [Fact]
    public void FewestExamples_AtTinyMargins_NeedsNoCounting()
    {
        Assert.InRange(NonInferiority.FewestExamples(1e-5), 299_570, 299_574);
        Assert.Equal(long.MaxValue, NonInferiority.FewestExamples(1e-300));
    }

    [Fact]
    public void Decide_DropEqualToTheMargin_SaysThatNoNumberDecides()
    {
        NonInferiorityResult result = NonInferiority.Decide(new PairedCounts(50, 30, 1000), Margin);

        Assert.Equal(Verdict.Inconclusive, result.Verdict);
        Assert.Null(result.ExamplesToDecide);
        Assert.Contains("no practical number", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.02, 133)]
    [InlineData(0.02, 149)]
    [InlineData(0.02, 300)]
    [InlineData(0.02, 975)]
    [InlineData(0.005, 599)]
    [InlineData(0.005, 3000)]
    public void Decide_NoiseNeverGainsAnExample_HoldsItsLevelExactly(double margin, int examples)
    {
        // The exact sum over all outcomes: losses are binomial at the boundary of the null hypothesis.
        double accepted = 0;
        double rejected = 0;
        double score = 0;
        for (int lost = 0; lost <= examples / 4; lost++)
        {
            var counts = new PairedCounts(lost, 0, examples);
            double probability = Binomial.PMF(margin, examples, lost);
            Verdict verdict = NonInferiority.Decide(counts, margin).Verdict;
            accepted += verdict == Verdict.Accept ? probability : 0;
            rejected += verdict == Verdict.Reject ? probability : 0;
            score += TangoInterval.Of(counts, 0.9).High < margin ? probability : 0;
        }

        output.WriteLine($"accepted {accepted:0.0000} (by the score alone {score:0.0000}), rejected {rejected:0.0000}");
        Assert.InRange(accepted, 0, 0.05);
        Assert.InRange(rejected, 0, 0.05);
        Assert.True(examples < 149 || accepted > 0.005, "examples that could accept must do so sometimes");
    }

    [Fact]
    public void Decide_TrueDropAtTheMargin_AcceptsAndRejectsAtMostAboutAlpha()
    {
        // Exact sum over all outcomes of 500 examples at the boundary of the null hypothesis.
        double accepted = 0;
        double rejected = 0;
        foreach ((PairedCounts counts, double probability) in TangoIntervalTests.Outcomes(500, 0.05, 0.03))
        {
            Verdict verdict = NonInferiority.Decide(counts, Margin).Verdict;
            accepted += verdict == Verdict.Accept ? probability : 0;
            rejected += verdict == Verdict.Reject ? probability : 0;
        }

        output.WriteLine($"accepted {accepted:0.0000}, rejected {rejected:0.0000}");
        Assert.InRange(accepted, 0.03, 0.055);
        Assert.InRange(rejected, 0.03, 0.055);
    }

    [Theory]
    [InlineData(0.010, 0.08, 0)]
    [InlineData(0.003, 0.05, 0)]
    [InlineData(0.010, 0.03, 0)]
    [InlineData(0.010, 0.08, 0.004)]
    public void AcceptanceProbability_AgainstDrawnCertifications_Agrees(double drop, double discordance, double standardError)
    {
        const int trials = 4000;
        const int examples = 3000;
        const int seed = 99;
        var random = new Random(seed);
        int accepted = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            double truth = drop + standardError * Normal.Sample(random, 0, 1);
            int b = Binomial.Sample(random, 0.5 * (discordance + truth), examples);
            int c = Binomial.Sample(random, 0.5 * (discordance - truth) / (1 - 0.5 * (discordance + truth)), examples - b);
            accepted += NonInferiority.Decide(new PairedCounts(b, c, examples), Margin).Verdict == Verdict.Accept ? 1 : 0;
        }

        double predicted = NonInferiority.AcceptanceProbability(drop, discordance, examples, Margin, standardError);
        output.WriteLine($"seed {seed}: predicted {predicted:0.000}, drawn {accepted / (double)trials:0.000}");

        // 4 standard errors of the drawn fraction (false alarm 6e-5) and 0.02 for the normal approximation.
        Assert.Equal(predicted, accepted / (double)trials, 0.02 + 4 * Math.Sqrt(predicted * (1 - predicted) / trials));
    }

    [Fact]
    public void AcceptanceProbability_NoDiscordance_FollowsTheScoreTestNotTheNormalLimit()
    {
        // Without a discordant pair the upper limit is z^2 / (n + z^2): 100 examples cannot certify 2 points, 200 can.
        Assert.Equal(0, NonInferiority.AcceptanceProbability(0, 0, 100, Margin));
        Assert.Equal(1, NonInferiority.AcceptanceProbability(0, 0, 200, Margin));
    }

    [Fact]
    public void AcceptanceProbability_MoreExamples_IsHigher()
    {
        double few = NonInferiority.AcceptanceProbability(0.01, 0.08, 2000, Margin);
        double many = NonInferiority.AcceptanceProbability(0.01, 0.08, 9000, Margin);

        Assert.True(few < 0.7 && many > 0.9, $"{few} {many}");
    }

    [Fact]
    public void AcceptanceProbability_DropAboveDiscordance_SaysWhyThatCannotBe()
    {
        Assert.Contains("discordance", Assert.Throws<ArgumentOutOfRangeException>(
            () => NonInferiority.AcceptanceProbability(0.05, 0.04, 1000, Margin)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0.05)]
    [InlineData(2, 0.05)]
    [InlineData(0.02, 0.5)]
    [InlineData(0.02, double.NaN)]
    public void Decide_ArgumentOutOfRange_IsRefused(double margin, double alpha)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NonInferiority.Decide(new PairedCounts(1, 1, 10), margin, alpha));
    }
}
