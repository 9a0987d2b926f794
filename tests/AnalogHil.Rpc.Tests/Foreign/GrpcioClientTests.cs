using AnalogHil.Rpc.Health;
using AnalogHil.Rpc.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace AnalogHil.Rpc.Tests.Foreign;

/// <summary>The server as gRPC's C core sees it.</summary>
public sealed class GrpcioClientTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_EveryKindOfCallFromGrpcio_Works(bool tcp)
    {
        if (!await GrpcioProcess.IsInstalledAsync())
        {
            output.WriteLine(GrpcioProcess.NotRun);
            return;
        }

        await using TestServer server = await TestServer.StartAsync(
            tcp, services: s => s.AddSingleton<HealthRegistry>(), map: app => app.MapRpcService<HealthService>());

        (int exitCode, string text) = await GrpcioProcess.RunAsync(
            GrpcioProcess.Script("echo_client.py"), server.Address.Replace("http://", "", StringComparison.Ordinal));

        output.WriteLine(text);
        Assert.True(exitCode == 0, text);
        Assert.Equal(15, text.Split('\n').Count(line => line.StartsWith("held:", StringComparison.Ordinal)));
    }
}
