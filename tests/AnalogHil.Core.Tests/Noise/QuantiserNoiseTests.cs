using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using Xunit.Abstractions;

namespace AnalogHil.Core.Tests.Noise;

public sealed class QuantiserNoiseTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.02)]
    [InlineData(0.086)]
    [InlineData(0.0888)]
    [InlineData(0.2)]
    [InlineData(0.35)]
    [InlineData(0.5)]
    public void DeadZone_AnyNoise_IsTheMeanSquareOfTheRoundingBias(double relative)
    {
        // The truth by brute force: mean of round(y + noise) - y by summing Gaussian probabilities, squared and averaged over the phase.
        const double step = 0.4;
        const int phases = 20000;
        double sum = 0;
        for (int i = 0; i < phases; i++)
        {
            double bias = Moments((i + 0.5) / phases - 0.5, relative).Mean - ((i + 0.5) / phases - 0.5);
            sum += bias * bias;
        }

        Assert.Equal(step * step * sum / phases, QuantiserNoise.DeadZone(step, relative * step), 1e-7 * step * step);
    }

    [Fact]
    public void DeadZone_WithoutNoise_IsTheWholeRoundingError()
    {
        Assert.Equal(QuantiserNoise.Variance(0.25), QuantiserNoise.DeadZone(0.25, 0), 15);
        Assert.Equal(0.25 * 0.25 / 12, QuantiserNoise.Variance(0.25), 15);
    }

    [Fact]
    public void DeadZone_IdealConverter_IsZero()
    {
        Assert.Equal(0, QuantiserNoise.DeadZone(0, 0.1));
    }

    [Fact]
    public void MeanSquareError_DrawnReads_Agrees()
    {
        const int seed = 31;
        output.WriteLine($"seed {seed}, 5 sigma limits");
        var random = new Random(seed);
        const int repeats = 8;
        var squares = new SampleVariance();
        for (int trial = 0; trial < 40000; trial++)
        {
            double value = random.NextDouble();
            double sum = 0;
            for (int k = 0; k < repeats; k++)
            {
                sum += Math.Round(value + 0.2 * Normal.Sample(random, 0, 1));
            }

            squares.Add(Math.Pow(sum / repeats - value, 2));
        }

        Assert.Equal(squares.Mean, QuantiserNoise.MeanSquareError(1, 0.2, repeats), 5 * Math.Sqrt(squares.Variance / squares.Count));
    }

    [Theory]
    [InlineData(0.25, 1.3, 1.9)]
    [InlineData(0.5, 0.02, 0.04)]
    public void Sheppard_AtAFixedPhase_IsOffByWhatTheDesignNotesSay(double relative, double least, double most)
    {
        // s^2 - q^2/12 as an estimate of the noise ahead of the converter: off by up to 160 % at s = 0.25 q and 3 % at 0.5 q.
        double worst = Enumerable.Range(0, 1001).Max(i =>
            Math.Abs(Moments(i / 1000.0 - 0.5, relative).Variance - QuantiserNoise.Variance(1) - relative * relative) / (relative * relative));

        Assert.InRange(worst, least, most);
    }

    [Fact]
    public void Sheppard_AveragedOverPhaseFromAThirdOfAStepOn_IsFair()
    {
        double mean = Enumerable.Range(0, 2000).Average(i => Moments((i + 0.5) / 2000 - 0.5, 0.35).Variance) - QuantiserNoise.Variance(1);

        Assert.Equal(0.35 * 0.35, mean, 0.01 * 0.35 * 0.35);
    }

    private static (double Mean, double Variance) Moments(double value, double deviation)
    {
        if (deviation == 0)
        {
            return (Math.Round(value), 0);
        }

        double mean = 0;
        double square = 0;
        for (int code = -8; code <= 8; code++)
        {
            double probability = Below(code + 0.5) - Below(code - 0.5);
            mean += code * probability;
            square += code * code * probability;
        }

        return (mean, square - mean * mean);

        double Below(double edge) => 0.5 * SpecialFunctions.Erfc((value - edge) / (deviation * Constants.Sqrt2));
    }
}
