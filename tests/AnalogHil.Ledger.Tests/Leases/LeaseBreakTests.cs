using AnalogHil.Ledger.Leases;
using AnalogHil.Ledger.Tests.Fakes;

namespace AnalogHil.Ledger.Tests.Leases;

/// <summary>Leases that are taken from their holder.</summary>
public sealed class LeaseBreakTests : IDisposable
{
    private const string Bench = "benches/crossbar";
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(10);
    private readonly LedgerFolder _folder = new();
    private readonly RecordingGuard _guard = new();

    public LeaseBreakTests() => _folder.Store.Leases.Start(_guard);

    private ILeaseStore Leases => _folder.Store.Leases;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Break_HeldAndInUse_MakesSafeAtOnceAndGrantsAfterTheUse()
    {
        Lease lease = await AcquireAsync("a");
        LeaseUse use = Leases.Use(Bench, "a", lease.Epoch);
        Task<Lease> second = AcquireAsync("b");

        LeaseBreak done = await Leases.BreakAsync(Bench, "admin", "the holder left for the day", default);

        Assert.Equal((lease, null), (done.Broken, done.Failure));
        Assert.Equal(("admin", "the holder left for the day"), (_guard.Endings.Single().By, _guard.Endings.Single().Reason));
        Assert.True(use.Ending.IsCancellationRequested);
        Assert.False(second.IsCompleted);
        use.Dispose();
        Assert.Equal("b", (await second).Holder);
    }

    [Fact]
    public async Task Break_WithoutReason_IsRefused()
    {
        await AcquireAsync("a");
        await Assert.ThrowsAsync<ArgumentException>(() => Leases.BreakAsync(Bench, "admin", " ", default));
        Assert.NotNull(Leases.Current(Bench));
    }

    [Fact]
    public async Task Break_FreeResource_MakesItSafe()
    {
        LeaseBreak done = await Leases.BreakAsync(Bench, "admin", "smoke", default);

        Assert.Null(done.Broken);
        Assert.Single(_guard.Endings);
    }

    [Fact]
    public async Task Break_DeviceDoesNotAnswer_EndsTheLeaseAndTells()
    {
        await AcquireAsync("a");
        _guard.Failure = new IOException("unplugged");

        LeaseBreak done = await Leases.BreakAsync(Bench, "admin", "smoke", default);

        Assert.Equal("unplugged", done.Failure);
        Assert.Null(Leases.Current(Bench));
        Assert.Contains("unplugged", _folder.Store.Audit.List()[^1].Detail, StringComparison.Ordinal);
    }

    private Task<Lease> AcquireAsync(string holder) => Leases.AcquireAsync(new LeaseRequest(Bench, holder, Ttl), default);
}
