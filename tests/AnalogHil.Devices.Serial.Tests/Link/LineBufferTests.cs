using AnalogHil.Devices.Serial.Link;
using AnalogHil.Devices.Serial.Protocol;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Serial.Tests.Link;

/// <summary>Bursts into a line whose buffer holds many frames: what waits there is late, not lost. In virtual time.</summary>
public sealed class LineBufferTests(ITestOutputHelper output)
{
    private const int Frames = 1000;

    /// <summary>Without faults every frame that is sent twice is a waste of the line.</summary>
    [Theory]
    [InlineData(921_600)]
    [InlineData(115_200)]
    [InlineData(57_600)]
    [InlineData(9_600)]
    public async Task Burst_IntoAKnownLine_IsSentOnceAndFillsIt(int baud)
    {
        Upload known = await UploadAsync(baud, baud);

        output.WriteLine(FormattableString.Invariant(
            $"{baud} baud, {Frames} frames: {known.Again} sent again, payload {known.Share:0.000} of the line"));
        Assert.Equal(0, known.Again);
        Assert.InRange(known.Share, 0.94, 1);
    }

    /// <summary>
    /// What a loss costs is its own frame and few more, at any rate: 5 % each way, over the loss-free line. The line's buffer would hold the whole window, and
    /// what is sent again, and acknowledgements, would wait behind it; the host keeps that back until the line is nearly free. Seed 23.
    /// </summary>
    [Theory]
    [InlineData(921_600)]
    [InlineData(115_200)]
    [InlineData(57_600)]
    [InlineData(9_600)]
    public async Task Burst_AtFivePercentLoss_SendsLittleMoreThanWhatWasLost(int baud)
    {
        Upload clean = await UploadAsync(baud, baud);
        Upload lossy = await UploadAsync(baud, baud, loss: 0.05);

        output.WriteLine(FormattableString.Invariant(
            $"{baud} baud, 5 % lost: {lossy.Again} of {Frames} sent again, {lossy.Share / clean.Share:0.000} of the loss-free throughput"));
        Assert.InRange(lossy.Again, 1, Frames * 8 / 100);
        Assert.InRange(lossy.Share / clean.Share, 0.9, 1);
    }

    /// <summary>
    /// A line that is faster than its rate says (a terminal without a pace) answers before the frame can have left: that round trip is what it took, a frame
    /// of 5.8 ms and at most the window's eight before it, and not nothing.
    /// </summary>
    [Fact]
    public async Task Burst_IntoALineFasterThanItsRate_MeasuresWhatTheAnswersTook()
    {
        Upload upload = await UploadAsync(921_600, rate: 9_600);

        output.WriteLine(FormattableString.Invariant($"mean round trip {upload.RoundTrip} us, {upload.Again} sent again"));
        Assert.Equal(0, upload.Again);
        Assert.InRange(upload.RoundTrip, 5_000, 60_000);
    }

    private static async Task<Upload> UploadAsync(int baud, int rate, double loss = 0)
    {
        using var line = new VirtualLine(baud, buffer: 4096, backPressure: true, longestReply: WireSunk.Size) { Loss = loss };
        using var pump = new LinkPump(line, session: 7, line) { Baud = rate };
        byte[] body = new byte[LinkSchema.MaxPayload - WireCommandHeader.Size];
        Task<CommandReply>[] replies = [.. Enumerable.Range(0, Frames).Select(_ => pump.SendAsync(WireOpcode.Sink, 1, body, WireChannel.Bulk, default))];
        Task all = Task.WhenAll(replies);
        line.IsNoticed = () => Array.TrueForAll(replies, reply => reply.IsCompleted);
        line.Begin();
        await all.WaitAsync(TimeSpan.FromSeconds(60));
        double seconds = line.NoticedAt!.Value / 1e6;
        return pump.Ask(link => new Upload(
            link.Counts.Retransmits, Frames * LinkSchema.MaxPayload / (baud / 10.0 * seconds), link.RoundTripMicroseconds));
    }

    private sealed record Upload(long Again, double Share, long RoundTrip);
}
