using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Telemetry.Streaming;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;

namespace AnalogHil.Daemon.Tests.Telemetry.Streaming;

public sealed class TelemetryFilterTests
{
    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 1_000_000_000)]
    [InlineData(3600, 1_000_000)]
    [InlineData(long.MaxValue, 0)]
    public void Of_IntervalOutOfRange_IsRefused(long seconds, int nanos)
    {
        CampaignException refused = Assert.Throws<CampaignException>(
            () => TelemetryFilter.Of(new StreamRequest { Interval = new Duration { Seconds = seconds, Nanos = nanos } }));

        Assert.Equal(("interval", ErrorReason.RequestInvalid), (Assert.Single(refused.Fields).Path, refused.Reason));
    }

    [Fact]
    public void Of_EveryFieldWrong_TellsAll()
    {
        var request = new StreamRequest { Kinds = { SampleKind.Unspecified, (SampleKind)99, SampleKind.Calls }, Interval = new Duration { Seconds = -1 } };
        request.Benches.AddRange(Enumerable.Repeat("a", 101));

        CampaignException refused = Assert.Throws<CampaignException>(() => TelemetryFilter.Of(request));

        Assert.Equal(["benches", "kinds", "kinds", "interval"], refused.Fields.Select(field => field.Path));
    }
}
