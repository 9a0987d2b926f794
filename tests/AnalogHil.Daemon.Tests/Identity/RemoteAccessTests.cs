using System.Net;
using System.Security.Cryptography.X509Certificates;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Identity;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.V1;
using Grpc.Core;

namespace AnalogHil.Daemon.Tests.Identity;

public sealed class RemoteAccessTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.1")]
    public void Listen_RemoteWithoutTls_IsRefused(string address)
    {
        (_, AccessToken token) = AccessToken.Create("a", Role.Viewer);

        CampaignException refused = Assert.Throws<CampaignException>(
            () => DaemonHost.Build(Options(new IPEndPoint(IPAddress.Parse(address), 0), Access(token))));

        Assert.Contains("needs TLS", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Listen_LoopbackWithoutTokens_IsRefused() => Assert.Contains(
        "no client could get in",
        Assert.Throws<CampaignException>(() => DaemonHost.Build(Options(new IPEndPoint(IPAddress.Loopback, 0), null))).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task Token_OnLoopback_GivesItsRole()
    {
        (string viewer, AccessToken keptViewer) = AccessToken.Create("v", Role.Viewer);
        (string oper, AccessToken keptOperator) = AccessToken.Create("o", Role.Operator);
        string access = Access(keptViewer, keptOperator);
        await using ServedDaemon daemon = await ServedDaemon.StartAsync(
            options => options with { Listen = new IPEndPoint(IPAddress.Loopback, 0), AccessFile = access });
        var leases = new LeaseService.LeaseServiceClient(daemon.Connect(Tcp(daemon)));
        var request = new AcquireRequest { Bench = daemon.Bench, Mutation = ServedDaemon.NewRequest() };

        Assert.Equal(ErrorReason.Unauthenticated, (await Refused.ByAsync(async () => await leases.AcquireAsync(request))).Reason);
        Assert.Equal(ErrorReason.Unauthenticated, (await Refused.ByAsync(async () => await leases.AcquireAsync(request, Bearer(viewer + "x")))).Reason);
        Assert.Equal(ErrorReason.RoleInsufficient, (await Refused.ByAsync(async () => await leases.AcquireAsync(request, Bearer(viewer)))).Reason);
        Assert.Equal("token:o", (await leases.AcquireAsync(request, Bearer(oper))).Lease.Holder);
    }

    [Fact]
    public async Task Certificate_OnTls_GivesItsRole_AndAnotherNameGetsInNowhere()
    {
        using var authority = new CertificateFiles(_directory);
        string access = _directory["access.json"];
        await File.WriteAllTextAsync(access, """{"certificates": {"bench-ci": "operator"}}""");
        await using ServedDaemon daemon = await ServedDaemon.StartAsync(options => options with
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            AccessFile = access,
            TlsCertificate = authority.ServerCertificate,
            TlsKey = authority.ServerKey,
            ClientAuthorities = authority.Root,
        });

        using X509Certificate2 known = authority.IssueClient("bench-ci");
        using X509Certificate2 stranger = authority.IssueClient("stranger");
        var leases = new LeaseService.LeaseServiceClient(daemon.Connect(Tcp(daemon), authority.Trust(known)));
        var strangers = new LeaseService.LeaseServiceClient(daemon.Connect(Tcp(daemon), authority.Trust(stranger)));
        var request = new AcquireRequest { Bench = daemon.Bench, Mutation = ServedDaemon.NewRequest() };

        Assert.Equal("cert:bench-ci", (await leases.AcquireAsync(request)).Lease.Holder);
        (ErrorReason reason, string message) = await Refused.ByAsync(async () => await strangers.AcquireAsync(request));
        Assert.Equal(ErrorReason.Unauthenticated, reason);
        Assert.Contains("cert:stranger has no role", message, StringComparison.Ordinal);
    }

    private static string Tcp(ServedDaemon daemon) => daemon.Addresses.Single(address => !address.Contains("unix", StringComparison.Ordinal));

    private static Metadata Bearer(string token) => new() { { "authorization", $"Bearer {token}" } };

    private string Access(params AccessToken[] tokens)
    {
        string file = _directory["access.json"];
        File.WriteAllText(file, $$"""{"tokens": [{{string.Join(", ", tokens.Select(AccessFile.LineOf))}}]}""");
        return file;
    }

    private DaemonOptions Options(IPEndPoint listen, string? access) => new()
    {
        SocketPath = _directory["run/hil.sock"],
        BenchDirectory = _directory.Location,
        HandlesSignals = false,
        Listen = listen,
        AccessFile = access,
    };
}
