using System.Security.Cryptography;
using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Requests;
using AnalogHil.Ledger.Tests.Fakes;

namespace AnalogHil.Ledger.Tests.Requests;

public sealed class RequestTests : IDisposable
{
    private static readonly RequestKey Key = new("uid:1000", "8f7ac5f2-6c0e-4a39-9f8b-1e43b3a1f0c1");
    private static readonly byte[] Body = SHA256.HashData("body"u8);
    private static readonly StoredReply Done = new(0, "done"u8.ToArray());
    private readonly LedgerFolder _folder = new();
    private int _effects;

    private IRequestStore Requests => _folder.Store.Requests;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_FiveAtOnce_IsOneEffectAndOneReply()
    {
        var gate = new TaskCompletionSource();
        Task<StoredReply>[] calls = [.. Enumerable.Range(0, 5).Select(_ => Requests.RunAsync(Key, Body, () => EffectAsync(gate.Task), default))];
        gate.SetResult();

        StoredReply[] replies = await Task.WhenAll(calls);

        Assert.Equal(1, _effects);
        Assert.All(replies, reply => Assert.Same(replies[0], reply));
    }

    [Fact]
    public async Task Run_AfterARestart_GivesTheStoredReply()
    {
        await RunAsync();
        _folder.Reopen();

        StoredReply again = await RunAsync();

        Assert.Equal(1, _effects);
        Assert.Equal(Done.Body.ToArray(), again.Body.ToArray());
    }

    [Fact]
    public async Task Run_AFailureThatIsAReply_IsKept()
    {
        var failure = new StoredReply(9, "no"u8.ToArray());
        await Requests.RunAsync(Key, Body, () => Task.FromResult(failure), default);

        Assert.Equal(9, (await RunAsync()).Code);
        Assert.Equal(0, _effects);
    }

    [Fact]
    public async Task RunStream_SameContentAtOnceAndAfterARestart_IsOneEffect()
    {
        var gate = new TaskCompletionSource();
        Task<StoredReply>[] calls = [.. Enumerable.Range(0, 3).Select(_ => StreamAsync("all of it", gate.Task))];
        gate.SetResult();
        await Task.WhenAll(calls);
        _folder.Reopen();
        await StreamAsync("all of it", Task.CompletedTask);

        Assert.Equal(1, _effects);
    }

    [Fact]
    public async Task RunStream_SameHeadWithOtherContent_IsRefusedAtOnceAndAfterARestart()
    {
        var gate = new TaskCompletionSource();
        Task<StoredReply> first = StreamAsync("all of it", gate.Task);
        Task<StoredReply> other = StreamAsync("something else", gate.Task);
        gate.SetResult();
        await first;

        Assert.Equal(LedgerFault.RequestReused, (await Assert.ThrowsAsync<LedgerException>(() => other)).Fault);
        _folder.Reopen();
        LedgerException late = await Assert.ThrowsAsync<LedgerException>(() => StreamAsync("all of", Task.CompletedTask));
        Assert.Equal((LedgerFault.RequestReused, 1), (late.Fault, _effects));
    }

    [Fact]
    public async Task Run_AnotherBody_IsRefused()
    {
        await RunAsync();

        LedgerException refused = await Assert.ThrowsAsync<LedgerException>(
            () => Requests.RunAsync(Key, SHA256.HashData("other"u8), () => EffectAsync(Task.CompletedTask), default));

        Assert.Equal(LedgerFault.RequestReused, refused.Fault);
        Assert.Equal(1, _effects);
    }

    [Fact]
    public async Task Run_AnotherBodyAtTheSameTime_IsRefused()
    {
        var gate = new TaskCompletionSource();
        Task<StoredReply> first = Requests.RunAsync(Key, Body, () => EffectAsync(gate.Task), default);

        await Assert.ThrowsAsync<LedgerException>(() => Requests.RunAsync(Key, SHA256.HashData("other"u8), () => EffectAsync(gate.Task), default));
        gate.SetResult();

        Assert.Equal(Done, await first);
    }

    [Fact]
    public async Task Run_AnotherCallerWithTheSameId_IsAnotherRequest()
    {
        await RunAsync();
        await Requests.RunAsync(Key with { Caller = "uid:1001" }, Body, () => EffectAsync(Task.CompletedTask), default);

        Assert.Equal(2, _effects);
    }

    [Fact]
    public async Task Run_TheCallerLeaves_TheEffectGoesOn()
    {
        var gate = new TaskCompletionSource();
        using var patience = new CancellationTokenSource();
        Task<StoredReply> first = Requests.RunAsync(Key, Body, () => EffectAsync(gate.Task), patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();

        Assert.Equal(Done.Body.ToArray(), (await RunAsync()).Body.ToArray());
        Assert.Equal(1, _effects);
    }

    [Fact]
    public async Task Run_ThrownWithoutAChange_IsForgotten()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => Requests.RunAsync(Key, Body, () => throw new TimeoutException(), default));

        Assert.Equal(Done, await RunAsync());
    }

    [Fact]
    public async Task Run_InterruptedAndReadBackOld_IsDoneNow()
    {
        await InterruptAsync(new Resolution(IntentOutcome.Old, "hash as before"));

        Assert.Equal(Done, await RunAsync());
        Assert.Equal(1, _effects);
    }

    [Fact]
    public async Task Run_InterruptedAndReadBackNew_GivesTheReplyOfTheReadBack()
    {
        await InterruptAsync(new Resolution(IntentOutcome.New, "hash as wanted", Done));

        Assert.Equal(Done.Body.ToArray(), (await RunAsync()).Body.ToArray());
        Assert.Equal(0, _effects);
        Assert.NotNull(Requests.Find(Key));
    }

    [Fact]
    public async Task Run_InterruptedAndUnknown_SaysSo()
    {
        await InterruptAsync(new Resolution(IntentOutcome.Unknown, "no answer"));

        LedgerException unknown = await Assert.ThrowsAsync<LedgerException>(RunAsync);
        Assert.Equal(LedgerFault.OutcomeUnknown, unknown.Fault);
        Assert.Contains("no answer", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(0, _effects);
    }

    [Fact]
    public async Task Forget_OldReplies_Only()
    {
        await RunAsync();
        _folder.Clock.Jump(TimeSpan.FromDays(6));
        await Requests.RunAsync(Key with { Id = "second" }, Body, () => EffectAsync(Task.CompletedTask), default);
        _folder.Clock.Jump(TimeSpan.FromDays(2));

        Assert.Equal(1, Requests.Forget());
        Assert.Null(Requests.Find(Key));
    }

    private Task<StoredReply> RunAsync() => Requests.RunAsync(Key, Body, () => EffectAsync(Task.CompletedTask), default);

    private async Task<StoredReply> EffectAsync(Task gate)
    {
        Interlocked.Increment(ref _effects);
        await gate;
        return Done;
    }

    // A process that died after its intent: another one finds the row of the request and the intent.
    private async Task InterruptAsync(Resolution readBack)
    {
        var never = new TaskCompletionSource<StoredReply>();
        var begun = new TaskCompletionSource();
        _ = Requests.RunAsync(
            Key, Body,
            () =>
            {
                _folder.Store.Journal.Begin(new IntentDraft("bench", 1, "push", "uid:1000", default) { Request = Key });
                begun.SetResult();
                return never.Task;
            },
            default);
        await begun.Task;
        _folder.Reopen();
        await _folder.Store.Journal.RecoverAsync(new ReadBack(_ => readBack), null, default);
    }

    private Task<StoredReply> StreamAsync(string content, Task until) => Requests.RunStreamAsync(
        Key, Body, () => EffectAsync(until), () =>
            Task.FromResult<ReadOnlyMemory<byte>>(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(content))), default);
}
