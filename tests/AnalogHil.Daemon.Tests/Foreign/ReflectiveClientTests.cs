using AnalogHil.Daemon.Tests.Hosting;
using AnalogHil.Rpc.Tests.Foreign;
using Xunit.Abstractions;

namespace AnalogHil.Daemon.Tests.Foreign;

/// <summary>The daemon as a general tool without stubs sees it (grpcurl and the like), here in Python on gRPC's C core.</summary>
public sealed class ReflectiveClientTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("v1", "analoghil.v1.SystemService/GetServerInfo", "{}", "\"messageLimitBytes\": 4194304")]
    [InlineData("v1alpha", "grpc.health.v1.Health/Check", "{}", "\"status\": \"SERVING\"")]
    [InlineData("v1", "grpc.health.v1.Health/Watch", "{\"service\": \"analoghil.v1.CampaignService\"}", "\"status\": \"SERVING\"")]
    [InlineData("v1alpha", "google.longrunning.Operations/ListOperations", "{\"pageSize\": 3}", "{}")]
    public async Task Daemon_AskedByReflection_IsCalledByItsAnswers(string version, string method, string request, string response)
    {
        if (!await GrpcioProcess.IsInstalledAsync())
        {
            output.WriteLine(GrpcioProcess.NotRun);
            return;
        }

        await using TestHost host = await TestHost.StartAsync();

        (int exitCode, string text) = await GrpcioProcess.RunAsync(
            GrpcioProcess.Script("reflective_client.py"), "unix:" + host.Host.SocketPath, version, method, request);

        output.WriteLine(text);
        Assert.True(exitCode == 0, text);
        Assert.Contains("analoghil.v1.TelemetryService\n", text, StringComparison.Ordinal);
        Assert.Contains(response, text.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }
}
