using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Sessions;

/// <summary>Who changes a device when: short changes wait for one another, nobody waits for an operation, and making safe waits for nothing.</summary>
public sealed class ChangeTurnsTests
{
    private readonly ChangeTurns _turns = new("/benches/crossbar.json");

    [Fact]
    public async Task TakeAsync_AChangeIsUnderWay_WaitsForItsEnd()
    {
        ChangeTurns.Turn first = await TakeAsync();
        Task<ChangeTurns.Turn> second = TakeAsync();
        Assert.False(second.IsCompleted);

        first.Dispose();
        first.Dispose();
        ChangeTurns.Turn turn = await second;

        // Given back twice, it is there once.
        Task<ChangeTurns.Turn> third = TakeAsync();
        Assert.False(third.IsCompleted);
        turn.Dispose();
        (await third).Dispose();
    }

    [Fact]
    public async Task TakeAsync_CallerGoesWhileItWaits_NothingIsDoneForItLater()
    {
        ChangeTurns.Turn first = await TakeAsync();
        using var gone = new CancellationTokenSource();
        Task<ChangeTurns.Turn> waiting = _turns.TakeAsync(gone.Token);
        Assert.False(waiting.IsCompleted);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        first.Dispose();
        (await TakeAsync()).Dispose();
    }

    [Fact]
    public async Task TakeAsync_AnOperationHoldsTheDevice_IsRefusedAtOnceAndSaysHowToGoOn()
    {
        ChangeTurns.Turn held = await TakeAsync();
        held.HoldFor("operations/7");

        CampaignException busy = await Assert.ThrowsAsync<CampaignException>(TakeAsync);

        Assert.Equal(ErrorReason.BenchBusy, busy.Reason);
        Assert.Equal(("operations/7", "/benches/crossbar.json"), (busy.Metadata["holder"], busy.Metadata["bench"]));
        Assert.Contains("bench crossbar is held by operations/7", busy.Message, StringComparison.Ordinal);
        Assert.Contains("hil campaign cancel operations/7", busy.Message, StringComparison.Ordinal);
        held.Dispose();
        (await TakeAsync()).Dispose();
    }

    [Fact]
    public async Task TakeAsync_AnOperationBeginsWhileItWaits_IsRefusedThen()
    {
        ChangeTurns.Turn first = await TakeAsync();
        Task<ChangeTurns.Turn> waiting = TakeAsync();

        first.HoldFor("operations/7");

        Assert.Equal(ErrorReason.BenchBusy, (await Assert.ThrowsAsync<CampaignException>(() => waiting)).Reason);
        first.Dispose();
        ChangeTurns.Turn next = await TakeAsync();
        Task<ChangeTurns.Turn> after = TakeAsync();
        Assert.False(after.IsCompleted);
        next.Dispose();
        (await after).Dispose();
    }

    [Fact]
    public async Task StopAsync_AnOperationHoldsTheDevice_TurnsItOffAllTheSame()
    {
        await using SettingsBench bench = await SettingsBench.OpenAsync();
        using ChangeTurns.Turn held = await bench.Session.Changes.TakeAsync(CancellationToken.None);
        held.HoldFor("operations/7");
        bool changed = false;

        await bench.Session.Device.StopAsync("test");
        CampaignException busy = await Assert.ThrowsAsync<CampaignException>(() => bench.Session.InTurnAsync(
            () =>
            {
                changed = true;
                return Task.FromResult(true);
            },
            CancellationToken.None));

        Assert.Equal(DriveState.Safe, bench.Session.Device.Figures.State);
        Assert.Equal((ErrorReason.BenchBusy, false), (busy.Reason, changed));
    }

    private Task<ChangeTurns.Turn> TakeAsync() => _turns.TakeAsync(CancellationToken.None);
}
