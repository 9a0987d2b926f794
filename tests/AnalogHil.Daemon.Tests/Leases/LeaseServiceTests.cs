using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.V1;
using Google.Protobuf;
using Grpc.Core;

namespace AnalogHil.Daemon.Tests.Leases;

public sealed class LeaseServiceTests : IAsyncLifetime
{
    private ServedDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await ServedDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task Acquire_SameRequestFiveTimes_IsOneLeaseAndTheSameBytes()
    {
        Mutation request = ServedDaemon.NewRequest();

        Lease[] leases = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _daemon.AcquireAsync(request)));

        Assert.All(leases, lease => Assert.Equal(leases[0].ToByteString(), lease.ToByteString()));
        Assert.Equal($"leases/{leases[0].Epoch}", leases[0].Name);
    }

    [Fact]
    public async Task Acquire_SameRequestAfterARestart_IsTheSameLease_AndItStillHolds()
    {
        Mutation request = ServedDaemon.NewRequest();
        Lease before = await _daemon.AcquireAsync(request);
        await _daemon.StartAgainAsync();

        Assert.Equal(before, await _daemon.AcquireAsync(request));
        RenewResponse renewed = await _daemon.Leases.RenewAsync(new RenewRequest { Mutation = Under(before) });
        Assert.True(renewed.Lease.Expires >= before.Expires);
    }

    [Fact]
    public async Task Acquire_SameRequestOtherBody_IsRefused()
    {
        Mutation request = ServedDaemon.NewRequest();
        await _daemon.AcquireAsync(request);

        Assert.Equal(ErrorReason.RequestIdInvalid, (await Refused.ByAsync(() => _daemon.AcquireAsync(request, ttlSeconds: 30))).Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42")]
    [InlineData("{8f7ac5f2-6c0e-4a39-9f8b-1e43b3a1f0c1}")]
    public async Task Acquire_RequestIdIsNoUuid_IsRefused(string id) => Assert.Equal(
        ErrorReason.RequestIdInvalid, (await Refused.ByAsync(() => _daemon.AcquireAsync(new Mutation { RequestId = id }))).Reason);

    [Fact]
    public async Task Acquire_HeldBench_NamesTheHolderBeforeTheDeadline_ThenWaitsForTheRelease()
    {
        Lease first = await _daemon.AcquireAsync();
        var request = new AcquireRequest { Bench = _daemon.Bench, Mutation = ServedDaemon.NewRequest() };

        RpcException late = await Assert.ThrowsAsync<RpcException>(async () =>
            await _daemon.Leases.AcquireAsync(request, deadline: DateTime.UtcNow.AddSeconds(2)));
        Assert.Equal(StatusCode.FailedPrecondition, late.StatusCode);
        Assert.Contains(first.Holder, late.Status.Detail, StringComparison.Ordinal);

        Task<Lease> second = _daemon.AcquireAsync();
        await _daemon.Leases.ReleaseAsync(new ReleaseRequest { Mutation = Under(first) });
        Assert.True((await second).Epoch > first.Epoch);
    }

    [Fact]
    public async Task Release_AndThenRenew_IsRefused()
    {
        Lease lease = await _daemon.AcquireAsync();
        Mutation under = Under(lease);
        await _daemon.Leases.ReleaseAsync(new ReleaseRequest { Mutation = under });
        await _daemon.Leases.ReleaseAsync(new ReleaseRequest { Mutation = under });

        Assert.Equal(
            ErrorReason.LeaseRequired, (await Refused.ByAsync(async () => await _daemon.Leases.RenewAsync(new RenewRequest { Mutation = under }))).Reason);
    }

    [Fact]
    public async Task Break_NamesWhoAndWhy_ToThoseWhoWatch()
    {
        Lease lease = await _daemon.AcquireAsync();
        using AsyncServerStreamingCall<WatchResponse> watch = _daemon.Leases.Watch(new WatchRequest { Bench = _daemon.Bench });
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal((LeaseEventKind.Held, lease), (watch.ResponseStream.Current.Kind, watch.ResponseStream.Current.Lease));

        BreakResponse broken = await _daemon.Leases.BreakAsync(
            new BreakRequest { Bench = _daemon.Bench, Mutation = ServedDaemon.NewRequest(), Reason = "smoke" });

        Assert.Equal((lease, ""), (broken.Broken, broken.UnsafeReason));
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        WatchResponse ended = watch.ResponseStream.Current;
        Assert.Equal((LeaseEventKind.Ended, LeaseEnd.Broken, "smoke"), (ended.Kind, ended.End, ended.Reason));
        Assert.Equal(ErrorReason.RequestInvalid, (await Refused.ByAsync(async () => await _daemon.Leases.BreakAsync(
            new BreakRequest { Bench = _daemon.Bench, Mutation = ServedDaemon.NewRequest() }))).Reason);
    }

    [Fact]
    public async Task Run_OnABenchLeasedByAnother_IsRefused_AndUnderAnOldEpochIsFenced()
    {
        Lease old = await _daemon.AcquireAsync();
        await _daemon.Leases.ReleaseAsync(new ReleaseRequest { Mutation = Under(old) });
        Lease now = await _daemon.AcquireAsync();
        var campaigns = new CampaignService.CampaignServiceClient(_daemon.Invoker);

        (ErrorReason held, string message) = await Refused.ByAsync(async () => await campaigns.RunAsync(Campaign(ServedDaemon.NewRequest())));
        (ErrorReason fenced, _) = await Refused.ByAsync(async () => await campaigns.RunAsync(Campaign(Under(old))));
        (ErrorReason let, _) = await Refused.ByAsync(async () => await campaigns.RunAsync(Campaign(Under(now))));

        Assert.Equal((ErrorReason.LeaseHeld, ErrorReason.Fenced), (held, fenced));
        Assert.Contains(now.Name, message, StringComparison.Ordinal);

        // Let in, and refused by the endpoint, since the request names neither model nor data.
        Assert.Equal(ErrorReason.RequestInvalid, let);
    }

    private RunRequest Campaign(Mutation mutation) => new() { Bench = _daemon.Bench, Mutation = mutation };

    private static Mutation Under(Lease lease) => new() { RequestId = Guid.NewGuid().ToString("D"), Lease = lease.Name, Epoch = lease.Epoch };
}
