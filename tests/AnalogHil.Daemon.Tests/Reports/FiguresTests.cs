using AnalogHil.Daemon.Reports;

namespace AnalogHil.Daemon.Tests.Reports;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0.010234, "0.0102")]
    [InlineData(12.345, "12.3")]
    [InlineData(1234.6, "1\u202f235")]
    [InlineData(-0.5, "\u22120.500")]
    [InlineData(0, "0")]
    [InlineData(3.4e-7, "3.40 \u00d7 10\u207b\u2077")]
    [InlineData(double.NaN, "\u2013")]
    [InlineData(double.PositiveInfinity, "\u221e")]
    public void Significant_AnyMagnitude_IsReadable(double value, string text)
    {
        Assert.Equal(text, Figures.Significant(value));
    }

    [Theory]
    [InlineData(0.8123, 0.5512, 1.0789, "0.81 [0.55, 1.08]")]
    [InlineData(0.047119, 0.046, 0.0482, "0.0471 [0.0460, 0.0482]")]
    [InlineData(2.1e-5, 2.0e-5, 2.2e-5, "2.10 [2.00, 2.20] \u00d7 10\u207b\u2075")]
    [InlineData(15000, 14000, 16000, "15\u202f000 [14\u202f000, 16\u202f000]")]
    [InlineData(1, 1, 1, "1.00 [1.00, 1.00]")]
    public void WithInterval_AnyMagnitude_HasTheDigitsTheIntervalJustifies(double value, double low, double high, string text)
    {
        Assert.Equal(text, Figures.WithInterval(value, low, high));
    }

    [Fact]
    public void Percent_ExactlyNone_ClaimsNoDecimals()
    {
        Assert.Equal("0\u202f%", Figures.Percent(0, 4));
        Assert.Equal("0.0002\u202f%", Figures.Percent(2.1e-6, 4));
    }

    [Theory]
    [InlineData(0.0003, "3 \u00d7 10\u207b\u2074")]
    [InlineData(1e-5, "10\u207b\u2075")]
    [InlineData(1.5e7, "1.5 \u00d7 10\u2077")]
    public void Power_FarFromOne_IsShort(double value, string text)
    {
        Assert.Equal(text, Figures.Power(value));
    }

    [Theory]
    [InlineData(0.02, "0.02")]
    [InlineData(100000, "100\u202f000")]
    [InlineData(10, "10")]
    public void Trimmed_RoundNumber_HasNoClosingZeros(double value, string text)
    {
        Assert.Equal(text, Figures.Trimmed(value));
    }
}
