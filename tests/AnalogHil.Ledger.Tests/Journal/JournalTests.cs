using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Requests;
using AnalogHil.Ledger.Tests.Fakes;

namespace AnalogHil.Ledger.Tests.Journal;

public sealed class JournalTests : IDisposable
{
    private static readonly IntentDraft Draft = new("bench", 5, "device.commit", "uid:1", new byte[] { 1, 2 })
    {
        OldHash = "aa",
        NewHash = "bb",
        Request = new RequestKey("uid:1", "r"),
    };

    private readonly LedgerFolder _folder = new();

    private IIntentJournal Journal => _folder.Store.Journal;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Begin_ThenRestart_IsUnsettledWithAllItHolds()
    {
        Journal.Begin(Draft);

        Intent open = Assert.Single(_folder.Reopen().Journal.Unsettled());

        Assert.Equal(Draft with { Payload = open.Draft.Payload }, open.Draft);
        Assert.Equal(Draft.Payload.ToArray(), open.Draft.Payload.ToArray());
        Assert.Null(open.Outcome);
    }

    [Fact]
    public void Begin_WhileOneIsUnderWay_IsBusy()
    {
        Journal.Begin(Draft);

        Assert.Equal(LedgerFault.Busy, Assert.Throws<LedgerException>(() => Journal.Begin(Draft)).Fault);
        Journal.Begin(Draft with { Resource = "another" });
    }

    [Fact]
    public void Begin_AfterACrash_TakesARecoveryFirst()
    {
        Journal.Begin(Draft);
        _folder.Reopen();

        Assert.Equal(LedgerFault.OutcomeUnknown, Assert.Throws<LedgerException>(() => Journal.Begin(Draft)).Fault);
    }

    [Theory]
    [InlineData(IntentOutcome.Old)]
    [InlineData(IntentOutcome.New)]
    public async Task Recover_KnownOutcome_FreesTheResource(IntentOutcome outcome)
    {
        Journal.Begin(Draft);
        _folder.Reopen();

        Intent recovered = Assert.Single(await Journal.RecoverAsync(new ReadBack(outcome), null, default));

        Assert.Equal(outcome, recovered.Outcome);
        Assert.Empty(Journal.Unsettled());
        Journal.Begin(Draft);
    }

    [Fact]
    public async Task Begin_ThatReplacesAll_TakesThePlaceOfAnUnknownOne()
    {
        long earlier = 0;
        await Assert.ThrowsAsync<IOException>(() => SendAsync(() =>
        {
            earlier = Journal.Begin(Draft).Id;
            throw new IOException("the daemon dies");
        }));
        _folder.Reopen();
        await Journal.RecoverAsync(new ReadBack(IntentOutcome.Unknown), null, default);

        Intent replacing = Journal.Begin(Draft with { ReplacesAll = true, Request = null });

        Assert.Equal(LedgerFault.Busy, Assert.Throws<LedgerException>(() => Journal.Begin(Draft with { ReplacesAll = true })).Fault);
        Assert.Equal([replacing.Id], Journal.Unsettled().Select(open => open.Id));
        Journal.Close(replacing.Id, new Resolution(IntentOutcome.New, "confirmed"));
        Assert.Empty(Journal.Unsettled());
        Assert.Equal((IntentOutcome.Unknown, replacing.Id), (Journal.Get(earlier).Outcome, Journal.Get(earlier).ReplacedBy));
        LedgerException repeated = await Assert.ThrowsAsync<LedgerException>(() => SendAsync(() => throw new InvalidOperationException("done twice")));
        Assert.Equal(LedgerFault.OutcomeUnknown, repeated.Fault);

        Task<StoredReply> SendAsync(Func<Task<StoredReply>> effect) => _folder.Store.Requests.RunAsync(Draft.Request!, new byte[32], effect, default);
    }

    [Fact]
    public async Task Begin_ThatReplacesAllAndDidNotHappen_LeavesTheEarlierOneUnsettled()
    {
        long earlier = Journal.Begin(Draft).Id;
        _folder.Reopen();
        await Journal.RecoverAsync(new ReadBack(IntentOutcome.Unknown), null, default);
        long replacing = Journal.Begin(Draft with { ReplacesAll = true }).Id;
        _folder.Reopen();

        await Journal.RecoverAsync(new ReadBack(IntentOutcome.Old), null, default);

        Assert.Equal(IntentOutcome.Old, Journal.Get(replacing).Outcome);
        Assert.Equal([earlier], Journal.Unsettled().Select(open => open.Id));
        Assert.Equal(LedgerFault.OutcomeUnknown, Assert.Throws<LedgerException>(() => Journal.Begin(Draft)).Fault);
    }

    [Fact]
    public void Settle_OneInTheMiddleOfAChainOfReplacements_LeavesTheLastUnsettledAlone()
    {
        IntentDraft replacing = Draft with { ReplacesAll = true };
        long first = Journal.Begin(Draft).Id;
        _folder.Reopen();
        long second = Journal.Begin(replacing).Id;
        _folder.Reopen();
        long third = Journal.Begin(replacing).Id;
        _folder.Reopen();

        Journal.Settle(second, IntentOutcome.Old, "uid:1", "seen on the device");

        Assert.Equal(third, Journal.Get(first).ReplacedBy);
        Assert.Equal([third], Journal.Unsettled().Select(open => open.Id));
    }

    [Fact]
    public async Task Recover_TwoAtOnce_ReadBackOnce()
    {
        Journal.Begin(Draft);
        _folder.Reopen();
        int asked = 0;
        var reconciler = new ReadBack(_ =>
        {
            Interlocked.Increment(ref asked);
            return new Resolution(IntentOutcome.New, "as the test says");
        });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Journal.RecoverAsync(reconciler, "bench", default))));

        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Recover_UnknownOutcome_BlocksUntilALaterReadBack()
    {
        Journal.Begin(Draft);
        _folder.Reopen();
        await Journal.RecoverAsync(new ReadBack(_ => throw new IOException("unplugged")), null, default);

        LedgerException refused = Assert.Throws<LedgerException>(() => Journal.Begin(Draft));
        Assert.Equal(LedgerFault.OutcomeUnknown, refused.Fault);
        Assert.Contains("unplugged", refused.Message, StringComparison.Ordinal);

        await Journal.RecoverAsync(new ReadBack(IntentOutcome.New), "bench", default);
        Journal.Begin(Draft);
    }

    [Fact]
    public async Task Recover_WhatIsUnderWay_IsLeftAlone()
    {
        Journal.Begin(Draft);

        Assert.Empty(await Journal.RecoverAsync(new ReadBack(IntentOutcome.Old), null, default));
    }

    [Fact]
    public async Task Perform_EffectAndReadBackAgree_IsNew()
    {
        bool done = false;
        Intent intent = await Journal.PerformAsync(
            Draft,
            () =>
            {
                Assert.Single(Journal.Unsettled());
                done = true;
                return Task.CompletedTask;
            },
            new ReadBack(IntentOutcome.New));

        Assert.True(done);
        Assert.Equal(IntentOutcome.New, intent.Outcome);
    }

    [Fact]
    public async Task Perform_EffectFailsAndNothingChanged_ThrowsItsError()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => Journal.PerformAsync(Draft, () => throw new TimeoutException(), new ReadBack(IntentOutcome.Old)));

        Assert.Empty(Journal.Unsettled());
    }

    [Fact]
    public async Task Perform_EffectFailsAfterItHappened_IsNew() => Assert.Equal(
        IntentOutcome.New, (await Journal.PerformAsync(Draft, () => throw new TimeoutException(), new ReadBack(IntentOutcome.New))).Outcome);

    [Fact]
    public async Task Perform_SuccessThatDidNotHappen_IsAConflict() => Assert.Equal(
        LedgerFault.Conflict,
        (await Assert.ThrowsAsync<LedgerException>(() => Journal.PerformAsync(Draft, () => Task.CompletedTask, new ReadBack(IntentOutcome.Old)))).Fault);

    [Fact]
    public async Task Perform_NoReadBack_IsUnknown()
    {
        LedgerException unknown = await Assert.ThrowsAsync<LedgerException>(
            () => Journal.PerformAsync(Draft, () => throw new TimeoutException("no answer"), new ReadBack(_ => throw new IOException("unplugged"))));

        Assert.Equal(LedgerFault.OutcomeUnknown, unknown.Fault);
        Assert.Equal(IntentOutcome.Unknown, Assert.Single(Journal.Unsettled()).Outcome);
    }

    [Fact]
    public async Task Settle_Unknown_IsAPersonsWordInTheAuditChain()
    {
        await Assert.ThrowsAsync<LedgerException>(
            () => Journal.PerformAsync(Draft, () => Task.CompletedTask, new ReadBack(IntentOutcome.Unknown)));
        long id = Journal.Unsettled().Single().Id;

        Journal.Settle(id, IntentOutcome.Old, "admin", "the board was replaced");

        Assert.Empty(Journal.Unsettled());
        Assert.Contains(_folder.Store.Audit.List(), entry => entry is { Action: "intent.settle", Actor: "admin" });
        Assert.Throws<LedgerException>(() => Journal.Settle(id, IntentOutcome.New, "admin", "no"));
    }
}
