using AnalogHil.Precision.Allocation;

namespace AnalogHil.Precision.Tests.Allocation;

public class MultipleChoiceTests
{
    private const int Problems = 1000;
    private const int Entries = 4;
    private const int Options = 5;

    [Fact]
    public void LeastLoss_AtEveryBreakpointOfThePrice_EqualsBruteForce()
    {
        var random = new Random(17);
        for (int round = 0; round < Problems; round++)
        {
            AllocationOption[][] options = Draw(random);
            foreach (double budget in Breakpoints(options))
            {
                ChosenOptions chosen = MultipleChoice.LeastLoss(options, budget);
                double best = BruteForce(options, budget);
                Assert.Equal(best, chosen.Loss, 1e-9 * best);
                Assert.Equal(best, chosen.LowerBound, 1e-6 * best);
            }
        }
    }

    [Fact]
    public void LeastLoss_AtAnyBudget_StaysWithinItsBoundAndBudget()
    {
        var random = new Random(18);
        double worst = 0;
        for (int round = 0; round < Problems; round++)
        {
            AllocationOption[][] options = Draw(random);
            double least = options.Sum(entry => entry.Min(option => option.Cost));
            double budget = least * (1 + 3 * random.NextDouble());
            ChosenOptions chosen = MultipleChoice.LeastLoss(options, budget);
            double best = BruteForce(options, budget);
            Assert.True(chosen.Cost <= budget * (1 + 1e-9));
            Assert.True(chosen.LowerBound <= best * (1 + 1e-9), $"round {round}: bound {chosen.LowerBound}, optimum {best}");
            Assert.True(chosen.Loss >= best * (1 - 1e-9));
            Assert.Equal(chosen.Loss, chosen.Choice.Select((k, j) => options[j][k].Loss).Sum(), 1e-9 * chosen.Loss);
            worst = Math.Max(worst, chosen.Loss / best - 1);
        }

        // The greedy rest misses the optimum now and then, so the bound was put to the test.
        Assert.InRange(worst, 1e-6, 5);
    }

    [Fact]
    public void LeastCost_AtEveryBreakpointOfThePrice_HasNoCheaperChoice()
    {
        var random = new Random(19);
        for (int round = 0; round < Problems; round++)
        {
            AllocationOption[][] options = Draw(random);
            AllocationOption[][] mirrored = [.. options.Select(entry => entry.Select(option => new AllocationOption(option.Loss, option.Cost)).ToArray())];
            foreach (double allowed in Breakpoints(mirrored))
            {
                ChosenOptions chosen = MultipleChoice.LeastCost(options, allowed);
                double best = BruteForce(mirrored, allowed);
                Assert.Equal(best, chosen.Cost, 1e-9 * best);
                Assert.True(chosen.Loss <= allowed * (1 + 1e-9));
            }
        }
    }

    [Fact]
    public void LeastLossAndLeastCost_WhereNothingFits_SayWhatWouldHelp()
    {
        AllocationOption[][] options = [[new(2, 5), new(3, 4)]];
        Assert.Contains("costs 2", Assert.Throws<PrecisionException>(() => MultipleChoice.LeastLoss(options, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("floor", Assert.Throws<PrecisionException>(() => MultipleChoice.LeastCost(options, 3)).Message, StringComparison.Ordinal);
    }

    private static AllocationOption[][] Draw(Random random) =>
    [
        .. Enumerable.Range(0, Entries).Select(_ => Enumerable.Range(0, Options)
            .Select(_ => new AllocationOption(Math.Exp(3 * random.NextDouble()), Math.Exp(3 * random.NextDouble()))).ToArray()),
    ];

    // What the choices cost that a price gives, for one price between any two at which some entry changes its option.
    private static IEnumerable<double> Breakpoints(AllocationOption[][] options)
    {
        double[] prices =
        [
            .. from entry in options
               from dear in entry
               from cheap in entry
               where dear.Cost > cheap.Cost && dear.Loss < cheap.Loss
               select (cheap.Loss - dear.Loss) / (dear.Cost - cheap.Cost) into price
               orderby price
               select price,
        ];
        IEnumerable<double> between = prices.Zip(prices.Skip(1), (a, b) => Math.Sqrt(a * b)).Prepend(0.5 * prices[0]).Append(2 * prices[^1]);
        return between.Select(price => options.Sum(entry => entry.MinBy(option => option.Loss + price * option.Cost).Cost)).Distinct();
    }

    private static double BruteForce(AllocationOption[][] options, double budget)
    {
        double best = double.PositiveInfinity;
        for (int code = 0; code < Math.Pow(Options, Entries); code++)
        {
            int rest = code;
            double cost = 0;
            double loss = 0;
            for (int j = 0; j < Entries; j++, rest /= Options)
            {
                cost += options[j][rest % Options].Cost;
                loss += options[j][rest % Options].Loss;
            }

            best = cost <= budget * (1 + 1e-9) ? Math.Min(best, loss) : best;
        }

        return best;
    }
}
