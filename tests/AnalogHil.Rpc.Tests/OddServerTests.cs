using AnalogHil.Rpc.Client;
using AnalogHil.Rpc.Tests.Protos;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Rpc.Tests;

/// <summary>The client against servers that break the protocol.</summary>
public sealed class OddServerTests
{
    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    public async Task Unary_HttpError_IsMapped(int http, StatusCode expected)
    {
        RpcException e = await CallAsync(context =>
        {
            context.Response.StatusCode = http;
            return Task.CompletedTask;
        });

        Assert.Equal(expected, e.StatusCode);
        Assert.Contains($"HTTP {http}", e.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unary_WebPage_IsUnknownAndNamesTheContentType()
    {
        RpcException e = await CallAsync(context => context.Response.WriteAsync("<html>"), "text/html");

        Assert.Equal(StatusCode.Unknown, e.StatusCode);
        Assert.Contains("text/html", e.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unary_NoStatus_IsUnknown() =>
        Assert.Equal(StatusCode.Unknown, (await CallAsync(context => context.Response.Body.WriteAsync(new byte[5]).AsTask())).StatusCode);

    [Fact]
    public async Task Unary_StatusIsNoNumber_IsUnknown() =>
        Assert.Equal(StatusCode.Unknown, (await CallAsync(context => Trailer(context, "many"))).StatusCode);

    [Fact]
    public async Task Unary_OkWithoutResponse_IsInternal() =>
        Assert.Equal(StatusCode.Internal, (await CallAsync(context => Trailer(context, "0"))).StatusCode);

    [Fact]
    public async Task Unary_TwoResponses_IsInternal() =>
        Assert.Equal(StatusCode.Internal, (await CallAsync(async context =>
        {
            await context.Response.Body.WriteAsync(new byte[10]);
            await Trailer(context, "0");
        })).StatusCode);

    [Fact]
    public async Task Unary_ResponseCutShort_IsInternal() =>
        Assert.Equal(StatusCode.Internal, (await CallAsync(context => context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 9, 1 }).AsTask())).StatusCode);

    [Fact]
    public async Task Unary_ResponseCutShortWithStatus_IsThatStatus() =>
        Assert.Equal(StatusCode.Aborted, (await CallAsync(async context =>
        {
            await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 9, 1 });
            await Trailer(context, "10");
        })).StatusCode);

    [Theory]
    [InlineData(7, StatusCode.Unavailable)]
    [InlineData(8, StatusCode.Cancelled)]
    [InlineData(11, StatusCode.ResourceExhausted)]
    [InlineData(2, StatusCode.Internal)]
    public async Task Unary_StreamReset_IsMapped(int http2Error, StatusCode expected) =>
        Assert.Equal(expected, (await CallAsync(async context =>
        {
            await context.Response.Body.FlushAsync();
            context.Features.Get<IHttpResetFeature>()!.Reset(http2Error);
        })).StatusCode);

    [Fact]
    public async Task Unary_ConnectionLost_IsUnavailable() =>
        Assert.Equal(StatusCode.Unavailable, (await CallAsync(async context =>
        {
            await context.Response.Body.FlushAsync();
            context.Features.Get<Microsoft.AspNetCore.Connections.Features.IConnectionSocketFeature>()!.Socket.Close(0);
        })).StatusCode);

    private static Task Trailer(HttpContext context, string status)
    {
        context.Response.AppendTrailer("grpc-status", status);
        return context.Response.Body.FlushAsync();
    }

    private static async Task<RpcException> CallAsync(RequestDelegate answer, string contentType = "application/grpc")
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenRpcLoopback(0));
        await using WebApplication app = builder.Build();
        app.Run(context =>
        {
            context.Response.ContentType = contentType;
            return answer(context);
        });
        await app.StartAsync();
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using RpcChannel channel = RpcChannel.ForAddress(address);
        return await Assert.ThrowsAsync<RpcException>(
            () => new EchoService.EchoServiceClient(channel).UnaryAsync(new EchoRequest(), deadline: DateTime.UtcNow.AddSeconds(60)).ResponseAsync);
    }
}
