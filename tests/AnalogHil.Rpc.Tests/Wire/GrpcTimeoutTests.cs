using AnalogHil.Rpc.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace AnalogHil.Rpc.Tests.Wire;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("1H", 3_600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3_000)]
    [InlineData("00000004m", 4)]
    [InlineData("5000u", 5)]
    [InlineData("6000000n", 6)]
    public void TryParse_EachUnit_GivesMilliseconds(string text, double milliseconds)
    {
        Assert.True(GrpcTimeout.TryParse(text, out TimeSpan timeout));
        Assert.Equal(milliseconds, timeout.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1s")]
    [InlineData(" 1S")]
    [InlineData("1.5S")]
    [InlineData("+1S")]
    [InlineData("000000001S")]
    public void TryParse_Malformed_IsFalse(string text) => Assert.False(GrpcTimeout.TryParse(text, out _));

    [Fact]
    public void Format_AnyTimeout_ParsesToAtLeastItAndAtMostAThousandthMore() => Prop.ForAll(
        ArbMap.Default.ArbFor<PositiveInt>().Generator.Select(i => (long)i.Get * i.Get * i.Get % GrpcTimeout.Longest.Ticks).ToArbitrary(),
        ticks =>
        {
            var timeout = TimeSpan.FromTicks(Math.Abs(ticks));
            Assert.True(GrpcTimeout.TryParse(GrpcTimeout.Format(timeout), out TimeSpan parsed));
            Assert.InRange(parsed.Ticks, timeout.Ticks, timeout.Ticks + 10 + (timeout.Ticks / 1000));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Format_Negative_IsZero() => Assert.Equal("0u", GrpcTimeout.Format(TimeSpan.FromSeconds(-1)));
}
