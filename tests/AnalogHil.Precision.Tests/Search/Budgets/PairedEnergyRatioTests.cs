using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Drops;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Search.Budgets;

public class PairedEnergyRatioTests(ITestOutputHelper output)
{
    private const int Images = 2000;

    [Theory]
    [InlineData(-0.030, -0.030)]
    [InlineData(-0.030, -0.012)]
    [InlineData(-0.012, -0.030)]
    public void Of_DropsThatFallDifferently_CoversTheRatioInNineteenOfTwenty(double leftSlope, double rightSlope)
    {
        // Two allocations that lose the same share of images, most of them together. Each energy errs by its own drop over its own slope. 1,000 sets: the
        // share covered lies within 0.93 and 0.97 but once in about 300 such tests where it is 0.95. Seed 5.
        const int sets = 1000;
        const double shared = 0.03;
        const double own = 0.02;
        var random = new Random(5);
        int covered = 0;
        for (int set = 0; set < sets; set++)
        {
            (DropSample left, DropSample right) = Draw(random, shared, own);
            double leftEnergy = Math.Exp((left.ToPoint().Drop - shared - own) / -leftSlope);
            double rightEnergy = Math.Exp((right.ToPoint().Drop - shared - own) / -rightSlope);
            Estimate ratio = PairedEnergyRatio.Of(Outcome(leftEnergy, leftSlope), Outcome(rightEnergy, rightSlope), left, right);
            covered += ratio.Interval.Low <= 1 && ratio.Interval.High >= 1 ? 1 : 0;
        }

        output.WriteLine($"covered in {covered} of {sets} sets, seed 5");
        Assert.InRange(covered, 0.93 * sets, 0.97 * sets);
    }

    [Fact]
    public void Of_DropThatDoesNotFall_IsUnbounded()
    {
        (DropSample left, DropSample right) = Draw(new Random(1), 0.03, 0.02);
        Assert.Equal(new Interval(0, double.PositiveInfinity), PairedEnergyRatio.Of(Outcome(4, -0.02), Outcome(2, 0), left, right).Interval);
    }

    [Fact]
    public void Of_AllocationBesideTheDrop_IsWidenedByTheDistance()
    {
        (DropSample left, DropSample right) = Draw(new Random(1), 0.03, 0.02);
        Interval at = PairedEnergyRatio.Of(Outcome(4, -0.02), Outcome(2, -0.02), left, right).Interval;
        Interval beside = PairedEnergyRatio.Of(Outcome(4, -0.02), Outcome(2, -0.02), left, right, -0.25).Interval;
        Assert.Equal(Math.Exp(0.25), at.Low / beside.Low, 1e-9);
        Assert.Equal(Math.Exp(0.25), beside.High / at.High, 1e-9);
    }

    private static (DropSample Left, DropSample Right) Draw(Random random, double shared, double own)
    {
        bool[] clean = new bool[Images];
        Array.Fill(clean, true);
        var left = new DropSample(Point(1), [], clean);
        var right = new DropSample(Point(2), [], clean);
        bool[] both = [.. clean.Select(_ => random.NextDouble() < shared)];
        foreach (DropSample sample in new[] { left, right })
        {
            sample.Add(0, [.. both.Select(lost => !lost && !(random.NextDouble() < own / (1 - shared)))]);
            sample.Complete(Images, 1);
        }

        return (left, right);
    }

    private static EnergyPoint Point(double energy) => new(energy, [[energy]]);

    private static EnergyOutcome Outcome(double energy, double slope) =>
        new(true, Point(energy), new Interval(energy / 2, 2 * energy), 0.05, 0.005, 0.06, 0.9, slope, [], "");
}
