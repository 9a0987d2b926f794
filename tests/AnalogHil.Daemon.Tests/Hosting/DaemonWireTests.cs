using System.IO.Compression;
using System.IO.Pipelines;
using AnalogHil.Daemon.Hosting;
using AnalogHil.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Alpha = Grpc.Reflection.V1Alpha;

namespace AnalogHil.Daemon.Tests.Hosting;

/// <summary>What the daemon itself, not only its library, does on the wire.</summary>
public sealed class DaemonWireTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Reflection_BothVersions_ListEveryServiceAndDescribeIt()
    {
        await using TestHost host = await TestHost.StartAsync();
        using AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> v1 =
            new ServerReflection.ServerReflectionClient(host.Channel).ServerReflectionInfo(deadline: DateTime.UtcNow + Limit);
        using AsyncDuplexStreamingCall<Alpha.ServerReflectionRequest, Alpha.ServerReflectionResponse> alpha =
            new Alpha.ServerReflection.ServerReflectionClient(host.Channel).ServerReflectionInfo(deadline: DateTime.UtcNow + Limit);

        await v1.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        await alpha.RequestStream.WriteAsync(new Alpha.ServerReflectionRequest { ListServices = "" });
        Assert.True(await v1.ResponseStream.MoveNext());
        Assert.True(await alpha.ResponseStream.MoveNext());
        string[] services = [.. v1.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name)];

        Assert.Equal(services, alpha.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name));
        Assert.Superset(
            new HashSet<string>
            {
                "analoghil.v1.BenchService", "analoghil.v1.CampaignService", "analoghil.v1.SystemService", "analoghil.v1.TelemetryService",
                "google.longrunning.Operations", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
            },
            services.ToHashSet());
        foreach (string service in services)
        {
            await v1.RequestStream.WriteAsync(new ServerReflectionRequest { FileContainingSymbol = service });
            Assert.True(await v1.ResponseStream.MoveNext());
            Assert.NotEmpty(v1.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto);
        }
    }

    [Theory]
    [InlineData("identity,gzip", true)]
    [InlineData(null, false)]
    public async Task Reply_OverTheGzipLimit_IsCompressedForThoseWhoAcceptIt(string? accepted, bool compressed)
    {
        await using TestHost host = await TestHost.StartAsync(options => options with { GzipFrom = 64 });
        using HttpMessageInvoker http = TestHost.Http(host.Host.SocketPath);
        byte[] question = new ServerReflectionRequest { FileContainingSymbol = "analoghil.v1.CampaignService" }.ToByteArray();
        using HttpRequestMessage request = TestHost.Request("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", [0, 0, 0, 0, (byte)question.Length, .. question]);
        if (accepted is not null)
        {
            request.Headers.TryAddWithoutValidation("grpc-accept-encoding", accepted);
        }

        using HttpResponseMessage response = await http.SendAsync(request, CancellationToken.None);
        byte[] body = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal((byte)(compressed ? 1 : 0), body[0]);
        Stream payload = new MemoryStream(body[5..]);
        using Stream plain = compressed ? new GZipStream(payload, CompressionMode.Decompress) : payload;
        Assert.NotEmpty(ServerReflectionResponse.Parser.ParseFrom(plain).FileDescriptorResponse.FileDescriptorProto);
    }

    [Fact]
    public async Task Request_OverTheMessageLimit_IsResourceExhausted()
    {
        await using TestHost host = await TestHost.StartAsync();
        var request = new GetBenchRequest { Name = new string('x', DaemonHost.MessageLimitBytes) };

        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            () => new BenchService.BenchServiceClient(host.Channel).GetBenchAsync(request, deadline: DateTime.UtcNow + Limit).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
    }

    [Fact]
    public async Task Connection_ThatAnswersNoPing_IsClosed()
    {
        await using TestHost host = await TestHost.StartAsync(options => options with { KeepAlive = TimeSpan.FromSeconds(1) });
        using RawConnection silent = await RawConnection.OpenAsync(host.Host.SocketPath);
        using var limit = new CancellationTokenSource(Limit);

        (IReadOnlyList<byte> types, _) = await silent.ReadToEndAsync(limit.Token);

        Assert.Equal(RawConnection.Settings, types[0]);
        Assert.Contains(RawConnection.Ping, types);
    }

    [Fact]
    public async Task Stop_WithAnIdleConnection_SaysGoAwayWithoutAnError()
    {
        await using TestHost host = await TestHost.StartAsync();
        using RawConnection idle = await RawConnection.OpenAsync(host.Host.SocketPath);
        using var limit = new CancellationTokenSource(Limit);
        Assert.Equal(RawConnection.Settings, (await idle.ReadAsync(limit.Token))!.Value.Type);

        Task stopped = host.Host.StopAsync(limit.Token);
        (_, uint? code) = await idle.ReadToEndAsync(limit.Token);

        Assert.Equal(0u, code);
        await stopped;
    }

    [Fact]
    public async Task Stop_WithStreamsUnderWay_EndsThemWithUnavailableAndDoesNotWaitForItsLimit()
    {
        await using TestHost host = await TestHost.StartAsync(options => options with { ShutdownTimeout = TimeSpan.FromMinutes(10) });
        using AsyncServerStreamingCall<HealthCheckResponse> health = new Grpc.Health.V1.Health.HealthClient(host.Channel).Watch(new HealthCheckRequest());
        using AsyncServerStreamingCall<StreamResponse> telemetry = new TelemetryService.TelemetryServiceClient(host.Channel).Stream(new StreamRequest());
        Assert.True(await health.ResponseStream.MoveNext());
        await telemetry.ResponseHeadersAsync;

        await host.Host.StopAsync(CancellationToken.None).WaitAsync(Limit);

        RpcException last = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await health.ResponseStream.MoveNext())
            {
            }
        });
        Assert.Equal(StatusCode.Unavailable, last.StatusCode);
        last = await Assert.ThrowsAsync<RpcException>(() => telemetry.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Unavailable, last.StatusCode);
    }

    [Fact]
    public async Task Unary_WhoseRequestNeverEnds_HasTheDeadlineOfTheServer()
    {
        await using TestHost host = await TestHost.StartAsync(options => options with { CallLimit = TimeSpan.FromMilliseconds(200) });
        using HttpMessageInvoker http = TestHost.Http(host.Host.SocketPath);
        using HttpRequestMessage request = TestHost.Request("/analoghil.v1.SystemService/GetServerInfo", []);
        request.Content = new StreamContent(new Pipe().Reader.AsStream());
        request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");

        using HttpResponseMessage response = await http.SendAsync(request, CancellationToken.None).WaitAsync(Limit);

        string code = response.Headers.Concat(response.TrailingHeaders).Single(header => header.Key == "grpc-status").Value.Single();
        Assert.Equal(StatusCode.DeadlineExceeded, Enum.Parse<StatusCode>(code));
    }
}
