using AnalogHil.Ledger.Leases;
using AnalogHil.Ledger.Tests.Fakes;

namespace AnalogHil.Ledger.Tests.Leases;

public sealed class LeaseTests : IDisposable
{
    private const string Bench = "benches/crossbar";
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(10);
    private readonly LedgerFolder _folder = new();
    private readonly RecordingGuard _guard = new();

    public LeaseTests() => _folder.Store.Leases.Start(_guard);

    private ILeaseStore Leases => _folder.Store.Leases;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Acquire_FreeResource_IsGrantedWithAnEpochNotBelowTheClock()
    {
        Lease lease = await AcquireAsync("a");

        Assert.Equal(_folder.Clock.GetUtcNow().ToUnixTimeMilliseconds(), lease.Epoch / EpochClock.PerMillisecond);
        Assert.Equal(_folder.Clock.GetUtcNow() + Ttl, lease.Expires);
        Assert.Equal(lease, Leases.Current(Bench));
    }

    [Fact]
    public async Task Acquire_HeldResource_IsGrantedInTheOrderOfAsking()
    {
        Lease first = await AcquireAsync("a");
        Task<Lease> second = AcquireAsync("b");
        Task<Lease> third = AcquireAsync("c");
        Assert.False(second.IsCompleted);

        await Leases.ReleaseAsync(Bench, "a", first.Epoch, default);
        Lease b = await second;
        Assert.False(third.IsCompleted);
        await Leases.ReleaseAsync(Bench, "b", b.Epoch, default);
        Lease c = await third;

        Assert.True(first.Epoch < b.Epoch && b.Epoch < c.Epoch);
    }

    [Fact]
    public async Task Acquire_GivenUp_LosesItsPlace()
    {
        Lease first = await AcquireAsync("a");
        using var patience = new CancellationTokenSource();
        Task<Lease> second = Leases.AcquireAsync(new LeaseRequest(Bench, "b", Ttl), patience.Token);
        Task<Lease> third = AcquireAsync("c");

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await Leases.ReleaseAsync(Bench, "a", first.Epoch, default);

        Assert.Equal("c", (await third).Holder);
    }

    [Fact]
    public async Task Acquire_SameRequestAgain_GivesTheSameLease()
    {
        var request = new LeaseRequest(Bench, "a", Ttl, "request-1");
        Lease first = await Leases.AcquireAsync(request, default);

        Assert.Same(first, await Leases.AcquireAsync(request, default));
        Assert.False(Leases.AcquireAsync(request with { RequestId = "request-2" }, default).IsCompleted);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(3601)]
    public async Task Acquire_TtlOutOfRange_IsRefused(double seconds) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Leases.AcquireAsync(new LeaseRequest(Bench, "a", TimeSpan.FromSeconds(seconds)), default));

    [Fact]
    public async Task Expiry_MakesSafeBeforeTheNextIsGranted()
    {
        Lease first = await AcquireAsync("a");
        var safe = new TaskCompletionSource();
        _guard.Gate = safe.Task;
        Task<Lease> second = AcquireAsync("b");

        _folder.Clock.Advance(Ttl);
        Assert.Throws<LedgerException>(() => Leases.Use(Bench, "a", first.Epoch));
        Assert.False(second.IsCompleted);
        safe.SetResult();

        Assert.Equal("b", (await second).Holder);
        Assert.Equal(LeaseEnd.Expired, Assert.Single(_guard.Endings).How);
    }

    [Fact]
    public async Task Renew_BeforeExpiry_HoldsOn()
    {
        Lease lease = await AcquireAsync("a");
        _folder.Clock.Advance(Ttl / 2);

        Lease renewed = Leases.Renew(Bench, "a", lease.Epoch);
        _folder.Clock.Advance(Ttl * 0.9);

        Assert.Equal(lease.Epoch, renewed.Epoch);
        using LeaseUse use = Leases.Use(Bench, "a", lease.Epoch);
        Assert.Empty(_guard.Endings);
    }

    [Fact]
    public async Task Renew_PausedPastTheTtl_IsRefusedEvenIfNoTimerFired()
    {
        Lease lease = await AcquireAsync("a");
        _folder.Clock.Jump(Ttl);

        LedgerException refused = Assert.Throws<LedgerException>(() => Leases.Renew(Bench, "a", lease.Epoch));

        Assert.Equal(LedgerFault.LeaseLost, refused.Fault);
        Assert.Contains("ran out", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_TimerLate_StillFindsTheExpiry()
    {
        await AcquireAsync("a");
        _folder.Clock.Jump(Ttl);

        Assert.Equal("b", (await AcquireAsync("b")).Holder);
    }

    [Fact]
    public async Task Use_UnderWayAtExpiry_IsNotCutShort()
    {
        Lease lease = await AcquireAsync("a");
        LeaseUse use = Leases.Use(Bench, "a", lease.Epoch);
        Task<Lease> second = AcquireAsync("b");

        _folder.Clock.Advance(Ttl);
        Assert.False(second.IsCompleted);
        Assert.Empty(_guard.Endings);
        await Eventually(use.Ending);
        use.Dispose();
        use.Dispose();

        Assert.Equal("b", (await second).Holder);
    }

    [Fact]
    public async Task Release_ByAnother_IsRefused()
    {
        Lease lease = await AcquireAsync("a");

        await Assert.ThrowsAsync<LedgerException>(() => Leases.ReleaseAsync(Bench, "b", lease.Epoch, default));
        await Assert.ThrowsAsync<LedgerException>(() => Leases.ReleaseAsync(Bench, "a", lease.Epoch + 1, default));
        Assert.Equal(lease, Leases.Current(Bench));
    }

    [Fact]
    public async Task Release_Twice_DoesNothingTheSecondTime()
    {
        Lease lease = await AcquireAsync("a");
        await Leases.ReleaseAsync(Bench, "a", lease.Epoch, default);

        await Leases.ReleaseAsync(Bench, "a", lease.Epoch, default);

        Assert.Single(_guard.Endings);
    }

    [Fact]
    public async Task Restart_LeaseStillHolds_AndTheNextEpochIsHigher()
    {
        Lease lease = await AcquireAsync("a");
        _folder.Reopen();
        Leases.Start(_guard);

        Assert.Equal(lease, Leases.Current(Bench));
        using (Leases.Use(Bench, "a", lease.Epoch))
        {
        }

        Task<Lease> second = AcquireAsync("b");
        Assert.False(second.IsCompleted);
        await Leases.ReleaseAsync(Bench, "a", lease.Epoch, default);
        Assert.True((await second).Epoch > lease.Epoch);
    }

    [Fact]
    public async Task Restart_LeaseRanOutMeanwhile_IsMadeSafeAtTheStart()
    {
        await AcquireAsync("a");
        _folder.Close();
        _folder.Clock.Jump(Ttl);
        Leases.Start(_guard);

        Assert.Equal("b", (await AcquireAsync("b")).Holder);
        Assert.Equal(LeaseEnd.Expired, Assert.Single(_guard.Endings).How);
    }

    [Fact]
    public async Task Epoch_ClockSetBack_StillRises()
    {
        Lease first = await AcquireAsync("a");
        await Leases.ReleaseAsync(Bench, "a", first.Epoch, default);
        _folder.Clock.Jump(TimeSpan.FromDays(-400));

        Assert.Equal(first.Epoch + 1, (await AcquireAsync("b")).Epoch);
    }

    [Fact]
    public async Task Epoch_OfTwoLedgersAtTheSameTime_Differs()
    {
        Lease here = await AcquireAsync("a");

        // Equal for one pair of directories in a thousand: this is looked at in ten.
        int equal = 0;
        for (int i = 0; i < 10; i++)
        {
            equal += EpochClock.At(_folder.Time.GetUtcNow(), $"{_folder.Path}/{i}") == here.Epoch ? 1 : 0;
        }

        Assert.InRange(equal, 0, 1);
    }

    [Fact]
    public async Task Watch_TellsWhatHappens()
    {
        Lease a = await AcquireAsync("a");
        await using IAsyncEnumerator<LeaseEvent> events = Leases.WatchAsync(Bench, default).GetAsyncEnumerator();
        Task<Lease> second = AcquireAsync("b");
        Leases.Renew(Bench, "a", a.Epoch);
        await Leases.ReleaseAsync(Bench, "a", a.Epoch, default);
        await second;

        var seen = new List<(LeaseEventKind, string, int)>();
        while (seen.Count < 4 && await events.MoveNextAsync())
        {
            seen.Add((events.Current.Kind, events.Current.Lease.Holder, events.Current.Waiting));
        }

        Assert.Equal([(LeaseEventKind.Held, "a", 0), (LeaseEventKind.Renewed, "a", 1), (LeaseEventKind.Ended, "a", 1), (LeaseEventKind.Granted, "b", 0)], seen);
    }

    [Fact]
    public async Task Watch_NeverRead_IsBoundedAndCountsTheMissed()
    {
        Lease lease = await AcquireAsync("a");
        await using IAsyncEnumerator<LeaseEvent> events = Leases.WatchAsync(Bench, default).GetAsyncEnumerator();
        for (int i = 0; i < 300; i++)
        {
            Leases.Renew(Bench, "a", lease.Epoch);
        }

        await events.MoveNextAsync();
        await events.MoveNextAsync();

        Assert.Equal(300 - 256, events.Current.Missed);
    }

    private Task<Lease> AcquireAsync(string holder) => Leases.AcquireAsync(new LeaseRequest(Bench, holder, Ttl), default);

    private static async Task Eventually(CancellationToken token)
    {
        var set = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = token.Register(set.SetResult);
        await set.Task;
    }
}
