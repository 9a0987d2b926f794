using AnalogHil.Daemon.Benches;

namespace AnalogHil.Daemon.Tests.Benches;

public sealed class BenchLedgerTests
{
    private readonly BenchLedger _ledger = new();

    [Fact]
    public void TryAcquire_BenchIsHeld_NamesTheHolder()
    {
        Assert.True(_ledger.TryAcquire("a", "first", out _, out _));

        Assert.False(_ledger.TryAcquire("a", "second", out IDisposable? hold, out string? holder));

        Assert.Null(hold);
        Assert.Equal("first", holder);
        Assert.True(_ledger.TryAcquire("b", "second", out _, out _));
    }

    [Fact]
    public void Dispose_OfAHold_FreesTheBenchOnce()
    {
        Assert.True(_ledger.TryAcquire("a", "first", out IDisposable? first, out _));
        first.Dispose();
        Assert.Null(_ledger.HolderOf("a"));

        Assert.True(_ledger.TryAcquire("a", "second", out _, out _));
        first.Dispose();
        Assert.Equal("second", _ledger.HolderOf("a"));
    }

    [Fact]
    public async Task AcquireAsync_SeveralWait_GetItInTheirOrder()
    {
        IDisposable first = await _ledger.AcquireAsync("a", "first", CancellationToken.None);
        Task<IDisposable> second = _ledger.AcquireAsync("a", "second", CancellationToken.None);
        Task<IDisposable> third = _ledger.AcquireAsync("a", "third", CancellationToken.None);
        Assert.False(second.IsCompleted);

        first.Dispose();
        IDisposable hold = await second;
        Assert.Equal("second", _ledger.HolderOf("a"));
        Assert.False(third.IsCompleted);

        hold.Dispose();
        (await third).Dispose();
        Assert.Null(_ledger.HolderOf("a"));
    }

    [Fact]
    public async Task AcquireAsync_WaiterGivesUp_NextOneGetsIt()
    {
        IDisposable first = await _ledger.AcquireAsync("a", "first", CancellationToken.None);
        using var stop = new CancellationTokenSource();
        Task<IDisposable> second = _ledger.AcquireAsync("a", "second", stop.Token);
        Task<IDisposable> third = _ledger.AcquireAsync("a", "third", CancellationToken.None);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();

        (await third).Dispose();
        Assert.Null(_ledger.HolderOf("a"));
    }
}
