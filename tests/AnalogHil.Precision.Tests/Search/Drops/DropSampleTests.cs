using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.Precision.Tests.Search.Drops;

public class DropSampleTests
{
    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(1000)]
    public void Add_ManyDraws_CountsEachOfThem(int draws)
    {
        var sample = new DropSample(new EnergyPoint(1, [[1.0]]), [], [true, true]);
        for (int draw = 0; draw < draws; draw++)
        {
            sample.Add(0, [true, draw % 2 == 0]);
        }

        sample.Complete(2, draws);
        Assert.Equal(1, sample.Right(0));
        Assert.Equal((draws + 1) / 2 / (double)draws, sample.Right(1));
    }

    [Fact]
    public void Seeds_BelowOne_AreRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchOptions { CertificationExamples = 100, Seeds = 0 });
}
