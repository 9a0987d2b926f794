using System.Security.Cryptography;
using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Leases;
using AnalogHil.Ledger.Requests;
using AnalogHil.Ledger.Tests.Fakes;

namespace AnalogHil.Ledger.Tests.Requests;

/// <summary>Processes that died after the effect of a request and before its reply was kept: the same request gets the reply that was due.</summary>
public sealed class RequestReplyTests : IDisposable
{
    private const string Bench = "bench";
    private static readonly RequestKey Key = new("uid:1000", "8f7ac5f2-6c0e-4a39-9f8b-1e43b3a1f0c1");
    private static readonly byte[] Body = SHA256.HashData("body"u8);
    private static readonly StoredReply Due = new(0, "due"u8.ToArray());
    private readonly LedgerFolder _folder = new();
    private int _effects;

    private IRequestStore Requests => _folder.Store.Requests;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_ChangeHasHappened_GivesTheReplyThatWasWrittenDownWithIt(bool isSettledByAPerson)
    {
        await DieInAsync(() => _folder.Store.Journal.Begin(Draft));
        if (isSettledByAPerson)
        {
            _folder.Store.Journal.Settle(_folder.Store.Journal.Unsettled().Single().Id, IntentOutcome.New, "admin", "looked at it");
        }
        else
        {
            await RecoverAsync(IntentOutcome.New);
        }

        await AssertDueAsync();
    }

    [Fact]
    public async Task Run_ChangeHasNotHappened_IsDoneNow()
    {
        await DieInAsync(() => _folder.Store.Journal.Begin(Draft));
        await RecoverAsync(IntentOutcome.Old);

        Assert.Equal("done"u8.ToArray(), (await RunAsync()).Body.ToArray());
        Assert.Equal(1, _effects);
    }

    [Fact]
    public async Task Run_OutcomeIsUnknownAndLaterRead_IsUnknownAndThenTheReply()
    {
        await DieInAsync(() => _folder.Store.Journal.Begin(Draft));
        await RecoverAsync(IntentOutcome.Unknown);
        Assert.Equal(LedgerFault.OutcomeUnknown, (await Assert.ThrowsAsync<LedgerException>(RunAsync)).Fault);

        await RecoverAsync(IntentOutcome.New);

        await AssertDueAsync();
    }

    [Fact]
    public async Task Run_FailedAfterItsChangeHasHappened_GivesTheReply()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => Requests.RunAsync(
            Key, Body,
            async () =>
            {
                await _folder.Store.Journal.PerformAsync(Draft, () => Task.CompletedTask, new ReadBack(IntentOutcome.New));
                throw new TimeoutException("the endpoint failed at something that it does afterwards");
            },
            default));

        await AssertDueAsync();
    }

    [Fact]
    public async Task Run_FailedAfterAChangeThatDoesNotServeIt_IsDoneNow()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => Requests.RunAsync(
            Key, Body,
            async () =>
            {
                await _folder.Store.Journal.PerformAsync(Draft with { Request = null }, () => Task.CompletedTask, new ReadBack(IntentOutcome.New));
                throw new TimeoutException("a later step of the call failed");
            },
            default));

        Assert.Equal("done"u8.ToArray(), (await RunAsync()).Body.ToArray());
    }

    [Fact]
    public async Task Commit_ThenDead_IsThereOnceWithItsReply()
    {
        await DieInAsync(() => Requests.Commit(Key, () => _folder.Store.Audit.Append("uid:1000", "note", Bench), _ => Due));

        await AssertDueAsync();
        Assert.Single(_folder.Store.Audit.List(), entry => entry.Action == "note");
    }

    [Fact]
    public async Task Commit_ThatThrows_LeavesNeitherChangeNorReply()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => Requests.RunAsync(
            Key, Body,
            () => Requests.Commit<Task<StoredReply>>(
                Key,
                () =>
                {
                    _folder.Store.Audit.Append("uid:1000", "note", Bench);
                    throw new TimeoutException();
                },
                _ => Due),
            default));

        Assert.Empty(_folder.Store.Audit.List());
        Assert.Equal("done"u8.ToArray(), (await RunAsync()).Body.ToArray());
    }

    [Fact]
    public async Task Break_ThenDead_LeavesTheNextHolderAlone()
    {
        _folder.Store.Leases.Start(new RecordingGuard());
        await AcquireAsync("uid:1");
        var broken = new TaskCompletionSource();
        _ = Requests.RunAsync(
            Key, Body,
            async () =>
            {
                await _folder.Store.Leases.BreakAsync(Bench, "admin", "smoke", default, made => Requests.Commit(Key, () => made, _ => Due));
                broken.SetResult();
                return await new TaskCompletionSource<StoredReply>().Task;
            },
            default);
        await broken.Task;
        _folder.Reopen();
        _folder.Store.Leases.Start(new RecordingGuard());
        Lease next = await AcquireAsync("uid:2");

        await AssertDueAsync();
        Assert.Equal(next, _folder.Store.Leases.Current(Bench));
    }

    private static IntentDraft Draft => new(Bench, 1, "push", "uid:1000", default) { Request = Key, IntendedReply = Due.Body };

    private Task<Lease> AcquireAsync(string holder) =>
        _folder.Store.Leases.AcquireAsync(new LeaseRequest(Bench, holder, TimeSpan.FromMinutes(1), null), default);

    private Task RecoverAsync(IntentOutcome outcome) => _folder.Store.Journal.RecoverAsync(new ReadBack(outcome), null, default);

    private async Task DieInAsync(Action effect)
    {
        var made = new TaskCompletionSource();
        _ = Requests.RunAsync(
            Key, Body,
            () =>
            {
                effect();
                made.SetResult();
                return new TaskCompletionSource<StoredReply>().Task;
            },
            default);
        await made.Task;
        _folder.Reopen();
    }

    private async Task AssertDueAsync()
    {
        Assert.Equal(Due.Body.ToArray(), (await RunAsync()).Body.ToArray());
        Assert.Equal(Due.Body.ToArray(), (await RunAsync()).Body.ToArray());
        Assert.Equal(0, _effects);
    }

    private Task<StoredReply> RunAsync() => Requests.RunAsync(
        Key, Body,
        () =>
        {
            _effects++;
            return Task.FromResult(new StoredReply(0, "done"u8.ToArray()));
        },
        default);
}
