using AnalogHil.Daemon.Telemetry.Exposition;

namespace AnalogHil.Daemon.Tests.Telemetry.Exposition;

public sealed class MetricsAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:9464", "http://127.0.0.1:9464/metrics")]
    [InlineData("localhost:9464", "http://127.0.0.1:9464/metrics")]
    [InlineData("[::1]:9464", "http://[::1]:9464/metrics")]
    [InlineData("unix:/run/analoghil/metrics.sock", "unix:/run/analoghil/metrics.sock")]
    public void TryParse_OnThisMachine_IsTaken(string text, string address)
    {
        Assert.True(MetricsAddress.TryParse(text, out MetricsAddress? parsed, out _));
        Assert.Equal(address, parsed.ToString());
    }

    [Theory]
    [InlineData("0.0.0.0:9464", "use 127.0.0.1:9464")]
    [InlineData("192.168.1.7:9464", "other machines")]
    [InlineData("[::]:9464", "other machines")]
    [InlineData("9464", "is not known")]
    [InlineData("127.0.0.1", "is not known")]
    [InlineData("unix:", "is not known")]
    [InlineData("example.org:80", "is not known")]
    public void TryParse_ElsewhereOrNonsense_IsRefusedWithTheRemedy(string text, string why)
    {
        Assert.False(MetricsAddress.TryParse(text, out _, out string? refusal));
        Assert.Contains(why, refusal, StringComparison.Ordinal);
    }
}
