using System.Diagnostics;
using AnalogHil.Rpc.Client;
using AnalogHil.Rpc.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Xunit.Abstractions;

namespace AnalogHil.Rpc.Tests.Interop;

/// <summary>The gRPC interoperability cases: against ourselves, and in both directions against other implementations.</summary>
public sealed class InteropTests(ITestOutputHelper output)
{
    private const int Cases = 14;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, 1000)]
    public async Task Client_AgainstOurServer_HoldsEveryCase(bool tcp, int? gzipFrom)
    {
        await using TestServer server = await StartAsync(tcp, gzipFrom);
        await RunAsync(server.Address, gzipFrom);
    }

    [Theory]
    [InlineData("grpcio", false, null)]
    [InlineData("grpcio", true, 1000)]
    [InlineData("grpc-js", false, 1000)]
    [InlineData("grpc-js", true, null)]
    public async Task Server_AgainstAClientOf_HoldsEveryCase(string name, bool tcp, int? gzipFrom)
    {
        if (await FindAsync(name) is not { } peer)
        {
            return;
        }

        await using TestServer server = await StartAsync(tcp, gzipFrom);
        using Process process = peer.Start(peer.Client, server.Address.Replace("http://", "", StringComparison.Ordinal));
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            Task<string> stderr = process.StandardError.ReadToEndAsync(limit.Token);
            string text = await process.StandardOutput.ReadToEndAsync(limit.Token);
            string errors = await stderr;
            await process.WaitForExitAsync(limit.Token);
            output.WriteLine(text + errors);
            Assert.True(process.ExitCode == 0, text + errors);
            Assert.Equal(Cases, text.Split('\n').Count(line => line.StartsWith("held:", StringComparison.Ordinal)));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    [Theory]
    [InlineData("grpcio")]
    [InlineData("grpc-js")]
    public async Task Client_AgainstAServerOf_HoldsEveryCase(string name)
    {
        if (await FindAsync(name) is not { } peer)
        {
            return;
        }

        using Process process = peer.Start(peer.Server);
        try
        {
            string? port = await process.StandardOutput.ReadLineAsync().WaitAsync(Limit);
            await RunAsync($"http://127.0.0.1:{port}", null);
            await RunAsync($"http://127.0.0.1:{port}", 1000);
        }
        finally
        {
            process.Kill();
        }
    }

    private static Task<TestServer> StartAsync(bool tcp, int? gzipFrom) =>
        TestServer.StartAsync(tcp, configure: o => o.GzipFrom = gzipFrom, map: app => app.MapRpcService<InteropService>());

    private async Task RunAsync(string address, int? gzipFrom)
    {
        using RpcChannel channel = RpcChannel.ForAddress(address, new RpcChannelOptions { GzipFrom = gzipFrom });
        IReadOnlyList<(string Name, Func<Task> Run)> cases = new InteropCases(channel).All;
        Assert.Equal(Cases, cases.Count);
        foreach ((string name, Func<Task> run) in cases)
        {
            output.WriteLine($"{name}, gzip from {gzipFrom?.ToString() ?? "no size"}");
            await run().WaitAsync(Limit);
        }
    }

    private async Task<InteropPeer?> FindAsync(string name)
    {
        (InteropPeer? peer, string why) = await InteropPeer.FindAsync(name);
        if (peer is null)
        {
            output.WriteLine(why);
        }

        return peer;
    }
}
