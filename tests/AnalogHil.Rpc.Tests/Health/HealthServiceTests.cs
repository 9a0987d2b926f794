using AnalogHil.Rpc.Health;
using AnalogHil.Rpc.Tests.Hosting;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace AnalogHil.Rpc.Tests.Health;

public sealed class HealthServiceTests
{
    private readonly HealthRegistry _registry = new();

    [Fact]
    public async Task Check_ServerBeforeFirstProbe_IsNotServing()
    {
        await using TestServer server = await StartAsync();

        Assert.Equal(ServingStatus.NotServing, (await Client(server).CheckAsync(new HealthCheckRequest())).Status);
    }

    [Fact]
    public async Task Check_UnknownService_IsNotFound()
    {
        await using TestServer server = await StartAsync();

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => Client(server).CheckAsync(new HealthCheckRequest { Service = "x" }).ResponseAsync);

        Assert.Equal(StatusCode.NotFound, e.StatusCode);
    }

    [Fact]
    public async Task List_AfterSet_HasEveryService()
    {
        await using TestServer server = await StartAsync();
        _registry.Set("a.B", ServingStatus.Serving);

        HealthListResponse list = await Client(server).ListAsync(new HealthListRequest());

        Assert.Equal(["", "a.B"], list.Statuses.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(ServingStatus.Serving, list.Statuses["a.B"].Status);
    }

    [Fact]
    public async Task Watch_Changes_AreStreamed()
    {
        await using TestServer server = await StartAsync();
        using AsyncServerStreamingCall<HealthCheckResponse> call = Client(server).Watch(
            new HealthCheckRequest { Service = "a.B" }, deadline: DateTime.UtcNow.AddSeconds(60));

        Assert.Equal(ServingStatus.ServiceUnknown, await Next(call));
        _registry.Set("a.B", ServingStatus.Serving);
        Assert.Equal(ServingStatus.Serving, await Next(call));
        _registry.Set("a.B", ServingStatus.Serving);
        _registry.Set("other", ServingStatus.Serving);
        _registry.Set("a.B", ServingStatus.NotServing);
        Assert.Equal(ServingStatus.NotServing, await Next(call));
    }

    [Fact]
    public async Task Watch_ServerStops_EndsWithUnavailable()
    {
        await using TestServer server = await StartAsync();
        using AsyncServerStreamingCall<HealthCheckResponse> call = Client(server).Watch(new HealthCheckRequest(), deadline: DateTime.UtcNow.AddSeconds(60));
        Assert.Equal(ServingStatus.NotServing, await Next(call));

        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode);
    }

    private static Grpc.Health.V1.Health.HealthClient Client(TestServer server) => new(server.Channel);

    private static async Task<ServingStatus> Next(AsyncServerStreamingCall<HealthCheckResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext());
        return call.ResponseStream.Current.Status;
    }

    private Task<TestServer> StartAsync() =>
        TestServer.StartAsync(services: s => s.AddSingleton(_registry), map: app => app.MapRpcService<HealthService>());
}
