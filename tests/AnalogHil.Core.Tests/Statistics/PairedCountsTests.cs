using AnalogHil.Core.Statistics;

namespace AnalogHil.Core.Tests.Statistics;

public sealed class PairedCountsTests
{
    [Fact]
    public void Of_TwoRowsOfBits_CountsTheDiscordantPairs()
    {
        PairedCounts counts = PairedCounts.Of([true, true, false, false, true], [true, false, true, false, false]);

        Assert.Equal(new PairedCounts(2, 1, 5), counts);
        Assert.Equal(0.2, counts.Drop, 12);
        Assert.Equal(0.6, counts.Discordance, 12);
    }

    [Theory]
    [InlineData(3, 3, 5)]
    [InlineData(-1, 3, 5)]
    [InlineData(0, 0, 0)]
    public void Constructor_ImpossibleCounts_AreRefused(long cleanOnly, long noisyOnly, long total)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PairedCounts(cleanOnly, noisyOnly, total));
    }

    [Fact]
    public void Of_DifferentLengths_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => PairedCounts.Of([true], [true, false]));
    }
}
