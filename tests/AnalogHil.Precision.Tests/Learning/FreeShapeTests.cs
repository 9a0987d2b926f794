using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Tests.Learning;

public class FreeShapeTests
{
    [Theory]
    [InlineData(1.29, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(7.5, 0)]
    [InlineData(2, 0.003)]
    [InlineData(3, 0.02)]
    public void Of_AShapeHeldAtOneRead_AllocatesOtherBudgetsAsTheNetworkNeeds(double budget, double hair)
    {
        // Learned at 1.29 reads, where all but the first of four layers are held at one read; three of them need far less.
        double[] s = [1, 0.01, 0.001, 0.0001];
        double[] n = [1, 1, 1, 1];
        double[] learned = BudgetProjection.Project(new AllocationProblem(s, n).WarmStart(1.29), n, 1.29, 1, 64);
        Assert.Equal([1, 1, 1], learned[1..].Select(energy => Math.Round(energy, 9)));

        // As refined shares are held, which keep a little that can grow.
        learned = [learned[0] - 3 * hair, .. learned[1..].Select(energy => energy + hair)];
        double[] free = FreeShape.Of(learned, s, n, 1, 64);

        IntegerPlan best = IntegerAllocation.Solve(new AllocationProblem(s, n), budget, 64);
        IntegerPlan plan = IntegerAllocation.Solve(AllocationProblem.FromEnergy(free, n), budget, 64);
        Assert.Equal((IEnumerable<int>)best.Repeats, plan.Repeats);

        // What holding it would cost: 61 % more loss at two reads, 67 % at three.
        IntegerPlan held = IntegerAllocation.Solve(AllocationProblem.FromEnergy(learned, n), budget, 64);
        double lost = s.Select((sensitivity, j) => sensitivity / held.Repeats[j]).Sum();
        Assert.True(budget < 2 || lost > 1.3 * best.Loss);
    }

    [Fact]
    public void Of_RandomProblems_HasTheShapeOfTheOptimumWithoutLimits()
    {
        const int seed = 21;
        var random = new Random(seed);
        int limited = 0;
        for (int round = 0; round < 200; round++)
        {
            double[] s = [.. Enumerable.Range(0, 6).Select(_ => Math.Exp(8 * random.NextDouble() - 4))];
            double[] n = [.. Enumerable.Range(0, 6).Select(_ => Math.Exp(4 * random.NextDouble()))];
            double[] unlimited = new AllocationProblem(s, n).WarmStart(3);
            double[] learned = BudgetProjection.Project(unlimited, n, 3, 1, 8);
            if (!learned.Any(energy => energy is > 1 and < 8))
            {
                continue;
            }

            limited += learned.Any(energy => energy is 1 or 8) ? 1 : 0;
            double[] free = FreeShape.Of(learned, s, n, 1, 8);
            double scale = free[0] / unlimited[0];
            Assert.All(free.Zip(unlimited), pair => Assert.Equal(1, pair.First / pair.Second / scale, 1e-9));
        }

        Assert.InRange(limited, 100, 200);
    }

    [Fact]
    public void Of_EntriesAtALimit_StayOnItsFarSide()
    {
        // Sensitivities that disagree with what was learned: the second would want more than one read, the third less than eight.
        double[] free = FreeShape.Of([2, 1, 8, 1], [4, 100, 1, 0], [1, 1, 1, 1], 1, 8);
        Assert.Equal([2, 1, 8], free[..3]);
        Assert.InRange(free[3], 1e-9, 1e-3);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 8)]
    [InlineData(1, 8)]
    public void Of_EveryEntryAtALimit_HasTheShapeOfTheSensitivities(double first, double second)
    {
        double[] free = FreeShape.Of([first, second], [1, 9 * second * second / (first * first)], [1, 1], 1, 8);
        Assert.Equal(3 * second / first, free[1] / free[0], 1e-9);
    }
}
