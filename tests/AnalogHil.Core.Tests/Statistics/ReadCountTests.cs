using AnalogHil.Core.Statistics;

namespace AnalogHil.Core.Tests.Statistics;

public sealed class ReadCountTests
{
    [Theory]
    [InlineData(0.10, 193)]
    [InlineData(0.05, 769)]
    [InlineData(0.02, 4802)]
    [InlineData(0.01, 19208)]
    public void ForRelativeHalfWidth_At95Percent_IsTheOracle(double halfWidth, long reads)
    {
        Assert.Equal(reads, ReadCount.ForRelativeHalfWidth(halfWidth));
    }

    [Fact]
    public void ForRelativeHalfWidth_Percent_IsRefusedWithTheFractionMeant()
    {
        Assert.Contains("0.05", Assert.Throws<ArgumentOutOfRangeException>(() => ReadCount.ForRelativeHalfWidth(5)).Message, StringComparison.Ordinal);
    }
}
