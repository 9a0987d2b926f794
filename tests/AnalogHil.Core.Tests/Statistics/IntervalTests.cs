using AnalogHil.Core.Statistics;

namespace AnalogHil.Core.Tests.Statistics;

public sealed class IntervalTests
{
    [Fact]
    public void Interval_Limits_AreInside()
    {
        var interval = new Interval(-1, 3);

        Assert.True(interval.Contains(-1) && interval.Contains(3) && !interval.Contains(3.1));
        Assert.Equal(4, interval.Width);
        Assert.Equal(2, interval.HalfWidth);
        Assert.True(interval.Within(new Interval(-1, 3)));
        Assert.False(interval.Within(new Interval(-0.9, 5)));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.NaN)]
    public void Interval_UpsideDownOrNotANumber_IsRefused(double low, double high)
    {
        Assert.Throws<ArgumentException>(() => new Interval(low, high));
    }

    [Fact]
    public void Interval_OneSidedLimit_MayBeInfinite()
    {
        Assert.True(new Interval(0, double.PositiveInfinity).Contains(1e300));
    }

    [Fact]
    public void Estimate_RelativeHalfWidth_IsOfTheValue()
    {
        Assert.Equal(0.05, new Estimate(2, new Interval(1.9, 2.1), "1", 769).RelativeHalfWidth, 12);
        Assert.Equal(double.PositiveInfinity, new Estimate(0, new Interval(0, 2.1), "1", 769).RelativeHalfWidth);
    }

    [Fact]
    public void Estimate_NotANumberOrLevelInPercent_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Estimate(double.NaN, new Interval(0, 1), "1", 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Estimate(1, new Interval(0, 1), "1", 5, 95));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Estimate(1, new Interval(0, 1), "1", -5));
    }
}
