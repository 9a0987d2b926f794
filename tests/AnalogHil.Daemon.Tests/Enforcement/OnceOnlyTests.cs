using System.Collections.Concurrent;
using System.Globalization;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Enforcement;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Leases;
using AnalogHil.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace AnalogHil.Daemon.Tests.Enforcement;

/// <summary>Every mutating method that the descriptors name, sent 1 to 5 times at once and again after a restart.</summary>
public sealed class OnceOnlyTests(ITestOutputHelper output) : IDisposable
{
    private const string Caller = "uid:7";
    private readonly TemporaryDirectory _directory = new();
    private readonly ConcurrentDictionary<string, int> _effects = new();
    private LedgerStore? _store;

    public void Dispose()
    {
        _store?.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task EveryMutation_SentOneToFiveTimesAndAfterARestart_IsOneEffectAndOneReply()
    {
        CountedMethods methods = Open(Role.Admin);
        var leases = new LeaseRequest(Bench(), Caller, TimeSpan.FromHours(1), "lease");
        long epoch = (await _store!.Leases.AcquireAsync(leases, default)).Epoch;
        (string Method, IMessage Request, int Times, byte[] Reply)[] sent = [.. await SendAllAsync(methods, epoch)];
        Dictionary<string, int> effects = new(_effects);
        Assert.All(sent.GroupBy(call => call.Method), calls => Assert.Equal(calls.Count(), effects[calls.Key]));

        methods = Open(Role.Admin);
        foreach ((string method, IMessage request, int times, byte[] reply) in sent)
        {
            foreach (IMessage again in await SendAsync(methods, method, request, times))
            {
                Assert.Equal(reply, again.ToByteArray());
            }
        }

        Assert.Equal(effects.OrderBy(pair => pair.Key), _effects.OrderBy(pair => pair.Key));
        int calls = 2 * sent.Sum(call => call.Times);
        output.WriteLine(
            $"{effects.Count} mutating methods, {sent.Length} requests, {calls} calls, {effects.Values.Sum()} effects, every reply the same bytes");
    }

    [Fact]
    public async Task EveryStreamOfRequests_RepeatedWithTheSameContent_IsDoneOnceAndWithOtherContentIsRefused()
    {
        CountedMethods methods = Open(Role.Admin);
        long epoch = (await _store!.Leases.AcquireAsync(new LeaseRequest(Bench(), Caller, TimeSpan.FromHours(1), "lease"), default)).Epoch;
        string[] streams = [.. MethodRules.OwnServices.SelectMany(service => service.Methods)
            .Where(method => method.IsClientStreaming && !method.IsServerStreaming).Select(method => $"{method.Service.FullName}/{method.Name}")];
        Assert.NotEmpty(streams);
        foreach (string method in streams)
        {
            IMessage start = RequestOf(method, epoch);
            IMessage[] sent = [start, Part(start, 1), Part(start, 2)];
            byte[] reply = (await methods.CallAsync("/" + method, new FakeCallContext(), sent)).ToByteArray();
            Assert.Equal(reply, (await methods.CallAsync("/" + method, new FakeCallContext(), sent)).ToByteArray());
            IMessage[][] others = [[start, Part(start, 1), Part(start, 3)], [start, Part(start, 1)], [.. sent, Part(start, 4)], [start]];
            foreach (IMessage[] other in others)
            {
                (ErrorReason reason, _) = await Refused.ByAsync(() => methods.CallAsync("/" + method, new FakeCallContext(), other));
                Assert.Equal(ErrorReason.RequestIdInvalid, reason);
            }

            Assert.Equal(1, _effects["/" + method]);
        }

        output.WriteLine($"{string.Join(", ", streams)}: each done once, 4 other contents under the same request id refused");
    }

    [Fact]
    public void EveryMethod_LetsInItsRoleAndThoseAbove()
    {
        foreach (Role role in new[] { Role.Viewer, Role.Operator, Role.Admin })
        {
            CallGate gate = Gate(role);
            foreach (MethodRule rule in MethodRules.OfOwnServices().All)
            {
                CampaignException? refused = Record.Exception(() => gate.Admit(rule, new FakeCallContext())) as CampaignException;
                Assert.Equal(role < rule.Role ? (ErrorReason?)ErrorReason.RoleInsufficient : null, refused?.Reason);
            }
        }
    }

    [Fact]
    public async Task EveryMethodThatNeedsALease_RefusesACallWithoutOne()
    {
        CountedMethods methods = Open(Role.Admin);
        foreach (MethodRule rule in MethodRules.OfOwnServices().All.Where(
            rule => rule.Lease == LeaseNeed.Required && methods.Names.Contains("/" + rule.Method)))
        {
            IMessage request = RequestOf(rule.Method, epoch: 0);
            (ErrorReason reason, _) = await Refused.ByAsync(() => methods.CallAsync("/" + rule.Method, new FakeCallContext(), request));
            Assert.Equal(ErrorReason.LeaseRequired, reason);
        }

        Assert.Empty(_effects);
    }

    private async Task<List<(string Method, IMessage Request, int Times, byte[] Reply)>> SendAllAsync(CountedMethods methods, long epoch)
    {
        var sent = new List<(string, IMessage, int, byte[])>();
        foreach (MethodRule rule in MethodRules.OfOwnServices().All.Where(rule => rule.Mutation))
        {
            for (int times = 1; times <= 5; times++)
            {
                IMessage request = RequestOf(rule.Method, epoch);
                byte[][] replies = [.. (await SendAsync(methods, "/" + rule.Method, request, times)).Select(reply => reply.ToByteArray())];
                Assert.All(replies, reply => Assert.Equal(replies[0], reply));
                sent.Add(("/" + rule.Method, request, times, replies[0]));
            }
        }

        return sent;
    }

    private static Task<IMessage[]> SendAsync(CountedMethods methods, string method, IMessage request, int times) =>
        Task.WhenAll(Enumerable.Range(0, times).Select(_ => Task.Run(() => methods.CallAsync(method, new FakeCallContext(), request))));

    private IMessage RequestOf(string method, long epoch)
    {
        MethodDescriptor descriptor = MethodRules.OwnServices.SelectMany(service => service.Methods)
            .Single(candidate => $"{candidate.Service.FullName}/{candidate.Name}" == method);
        var request = (IMessage)Activator.CreateInstance(descriptor.InputType.ClrType)!;
        RequestFields fields = RequestFields.Of(descriptor.InputType);
        IMessage holder = request;
        if (fields.Start is { } start)
        {
            holder = (IMessage)Activator.CreateInstance(start.MessageType.ClrType)!;
            start.Accessor.SetValue(request, holder);
        }

        Mutation mutation = ServedDaemon.NewRequest();
        (mutation.Epoch, mutation.Lease) = (epoch, epoch > 0 ? string.Create(CultureInfo.InvariantCulture, $"leases/{epoch}") : "");
        fields.Mutation?.Accessor.SetValue(holder, mutation);
        fields.Bench?.Accessor.SetValue(holder, Bench());
        return request;
    }

    // A later message of a stream, told from others by a field that this program does not know: it is kept and counts.
    private static IMessage Part(IMessage start, byte number)
    {
        var part = (IMessage)Activator.CreateInstance(start.GetType())!;
        part.MergeFrom([0xF8, 0x3F, number]);
        return part;
    }

    private CountedMethods Open(Role role)
    {
        CallGate gate = Gate(role);
        return new CountedMethods(gate, new OnceOnly(_store!.Requests), _effects);
    }

    private CallGate Gate(Role role)
    {
        _store?.Dispose();
        _store = LedgerStore.Open(new LedgerOptions { Directory = _directory["state"] });
        _store.Leases.Start(new IdleGuard());
        var options = new DaemonOptions { SocketPath = "/nowhere/hil.sock", BenchDirectory = _directory.Location };
        var benches = new BenchDirectory(options, new BenchLedger());
        return new CallGate(new NamedCaller(Caller, role), MethodRules.OfOwnServices(), _store.Leases, benches, NullLogger<CallGate>.Instance);
    }

    private string Bench()
    {
        File.WriteAllText(_directory["bench.json"], "{}");
        return _directory["bench.json"];
    }
}
