using AnalogHil.Ledger.Leases;
using AnalogHil.Ledger.Tests.Fakes;
using Xunit.Abstractions;

namespace AnalogHil.Ledger.Tests.Leases;

/// <summary>
/// Schedules of two holders of one device, of whom either may be paused past its TTL at any step. A write is stale when it reaches the device after
/// another holder has armed it.
/// </summary>
public sealed class StaleWriteTests(ITestOutputHelper output)
{
    private const int Seed = 7;

    [Theory]
    [InlineData(60)]
    public Task OneLedger_HoldersPaused_NoStaleWrite(int schedules) => OneLedgerAsync(schedules);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(1000)]
    public Task OneLedger_HoldersPausedInAThousandSchedules_NoStaleWrite(int schedules) => OneLedgerAsync(schedules);

    [Theory]
    [InlineData(60)]
    public Task TwoLedgers_DeviceFences_NoStaleWrite(int schedules) => TwoLedgersAsync(schedules);

    [Fact]
    public async Task TwoLedgers_DeviceDoesNotFence_TheSchedulesDoWriteStale() => Assert.True((await PlayTwoLedgersAsync(20, fences: false)).Stale > 0);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(1000)]
    public Task TwoLedgers_DeviceFencesInAThousandSchedules_NoStaleWrite(int schedules) => TwoLedgersAsync(schedules);

    // Two clients of one daemon: the device takes every write, so the ledger alone keeps the stale ones out.
    private async Task OneLedgerAsync(int schedules)
    {
        using var folder = new LedgerFolder();
        ILeaseStore leases = folder.Store.Leases;
        leases.Start(new RecordingGuard());
        var tally = new Tally();
        for (int schedule = 0; schedule < schedules; schedule++)
        {
            var random = new Random(Seed + schedule);
            var device = new EpochedDevice(fences: false);
            string resource = $"device {schedule}";
            LeasedClient[] clients = [new("a", resource, leases, device), new("b", resource, leases, device)];
            await PlayAsync(clients, random, folder.Clock, tally);
            tally.Stale += device.StaleWrites;
            await Task.WhenAll(clients.Select(client => client.EndAsync(folder.Clock)));
        }

        tally.Report(output, schedules);
        Assert.Equal(0, tally.Stale);
        Assert.True(tally.Refused > schedules / 4 && tally.Written > schedules / 4, "the schedules paused too little, or too much, to show anything");
    }

    // Two daemons that do not know of each other: each grants its own client, and the device's memory of the highest epoch decides.
    private async Task TwoLedgersAsync(int schedules)
    {
        Tally tally = await PlayTwoLedgersAsync(schedules, fences: true);
        tally.Report(output, schedules);
        Assert.Equal(0, tally.Stale);
        Assert.True(tally.Refused > schedules / 4 && tally.Written > schedules / 4, "the schedules paused too little, or too much, to show anything");
    }

    private static async Task<Tally> PlayTwoLedgersAsync(int schedules, bool fences)
    {
        var time = new ManualTime();
        using var first = new LedgerFolder(time);
        using var second = new LedgerFolder(time);
        first.Store.Leases.Start(new RecordingGuard());
        second.Store.Leases.Start(new RecordingGuard());
        var tally = new Tally();
        for (int schedule = 0; schedule < schedules; schedule++)
        {
            var random = new Random(Seed + schedule);
            var device = new EpochedDevice(fences);
            string resource = $"device {schedule}";
            LeasedClient[] clients = [new("a", resource, first.Store.Leases, device), new("b", resource, second.Store.Leases, device)];
            await PlayAsync(clients, random, time, tally);
            tally.Stale += device.StaleWrites;
            await Task.WhenAll(clients.Select(client => client.EndAsync(time)));
        }

        return tally;
    }

    private static async Task PlayAsync(LeasedClient[] clients, Random random, ManualTime time, Tally tally)
    {
        for (int step = 0; step < 40; step++)
        {
            // A pause: the clock moves, with or without its timers being heard; at times past the TTL.
            TimeSpan pause = TimeSpan.FromMilliseconds(random.Next(4) == 0 ? random.Next(1000, 3000) : random.Next(1, 200));
            if (random.Next(2) == 0)
            {
                time.Advance(pause);
            }
            else
            {
                time.Jump(pause);
            }

            switch (await clients[random.Next(clients.Length)].StepAsync(random))
            {
                case true: tally.Written++; break;
                case false: tally.Refused++; break;
            }
        }
    }

    private sealed class Tally
    {
        public int Written { get; set; }

        public int Refused { get; set; }

        public int Stale { get; set; }

        public void Report(ITestOutputHelper output, int schedules) => output.WriteLine(
            $"{schedules} schedules, seeds {Seed} .. {Seed + schedules - 1}: {Written} writes reached the device, {Refused} refused as stale, "
            + $"{Stale} stale ones reached it");
    }
}
