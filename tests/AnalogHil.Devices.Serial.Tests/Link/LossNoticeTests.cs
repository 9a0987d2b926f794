using System.Globalization;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Driver;
using AnalogHil.Devices.Serial.Framing;
using AnalogHil.Devices.Serial.Link;
using AnalogHil.Devices.Serial.Protocol;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Serial.Tests.Link;

/// <summary>How late a lost device is noticed at worst, in virtual time: at any moment of its work, on any line, whatever else is on its way.</summary>
public sealed class LossNoticeTests(ITestOutputHelper output)
{
    private const uint Watchdog = 1000;
    private const int Moments = 60;
    private static readonly TimeSpan Silence = new SerialDeviceOptions().LongestSilence;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(921_600, 0, true)]
    [InlineData(921_600, 2000, true)]
    [InlineData(921_600, 2000, false)]
    [InlineData(115_200, 300, true)]
    [InlineData(115_200, 300, false)]
    [InlineData(12_000_000, 2000, true)]
    public async Task Frozen_AtAnyMoment_IsNoticedWithinTheBound(int baud, int bulk, bool backPressure)
    {
        TimeSpan bound = LossNotice.Within(Watchdog, Silence, baud);
        var random = new Random(baud + bulk);
        double[] noticed = new double[Moments];
        for (int i = 0; i < Moments; i++)
        {
            long at = random.Next(30_000, 1_500_000);
            using var line = new VirtualLine(baud, buffer: 4096, backPressure) { FreezesAt = at };
            (DeviceException loss, noticed[i]) = await LoseAsync(line, at, bulk);
            Assert.Equal(DeviceFault.Disconnected, loss.Fault);
            Assert.Contains("longest silence", loss.Message, StringComparison.Ordinal);
        }

        Tell($"{baud} baud, {bulk} bulk commands, {(backPressure ? "with" : "without")} back pressure: frozen", noticed, bound);
        Assert.InRange(noticed.Max(), 0, bound.TotalMilliseconds);
        Assert.True(bound < TimeSpan.FromSeconds(1), $"the bound is {bound}");
    }

    [Theory]
    [InlineData(921_600, 0)]
    [InlineData(921_600, 2000)]
    [InlineData(115_200, 300)]
    public async Task Rebooted_AtAnyMoment_IsNoticedWithinTheBound(int baud, int bulk)
    {
        TimeSpan bound = LossNotice.Within(Watchdog, Silence, baud);
        var random = new Random(baud + bulk + 1);
        double[] noticed = new double[Moments];
        for (int i = 0; i < Moments; i++)
        {
            long at = random.Next(30_000, 1_500_000);
            using var line = new VirtualLine(baud, buffer: 4096, backPressure: true) { RebootsAt = at };
            (DeviceException loss, noticed[i]) = await LoseAsync(line, at, bulk);
            Assert.Equal(DeviceFault.Rebooted, loss.Fault);
        }

        Tell($"{baud} baud, {bulk} bulk commands: rebooted", noticed, bound);
        Assert.InRange(noticed.Max(), 0, bound.TotalMilliseconds);
    }

    private void Tell(string what, double[] noticed, TimeSpan bound) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what} {Moments} times, noticed after {noticed.Order().ElementAt(Moments / 2):0.0} ms (median), "
        + $"{noticed.Max():0.0} ms (largest), bound {bound.TotalMilliseconds:0.0} ms"));

    // Time stands still until everything is queued.
    private static async Task<(DeviceException Loss, double Milliseconds)> LoseAsync(VirtualLine line, long at, int bulk)
    {
        using var pump = new LinkPump(line, session: 7, line) { LongestSilence = Silence };
        line.IsNoticed = () => pump.Lost.IsCompleted;
        pump.KeepAlive(1, LossNotice.KeepAliveInterval(Watchdog));
        byte[] body = new byte[LinkSchema.MaxPayload - WireCommandHeader.Size];
        Task<CommandReply>[] replies = [.. Enumerable.Range(0, bulk).Select(_ => pump.SendAsync(WireOpcode.Echo, 1, body, WireChannel.Bulk, default))];
        line.Begin();
        DeviceException loss = await pump.Lost.WaitAsync(Limit);
        _ = await Task.WhenAll(replies).ContinueWith(all => all.Exception, TaskScheduler.Default);

        // A line that is gone is not looked at any more.
        double noticed = ((line.NoticedAt ?? line.Now) - at) / 1000.0;
        return (loss, noticed);
    }
}
