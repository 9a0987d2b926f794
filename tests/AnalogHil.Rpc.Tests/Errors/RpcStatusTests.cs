using AnalogHil.Rpc.Errors;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace AnalogHil.Rpc.Tests.Errors;

public sealed class RpcStatusTests
{
    [Fact]
    public void GetRpcStatus_OfError_GivesReasonAndDetails()
    {
        RpcException e = RpcStatus.Error(
            StatusCode.FailedPrecondition,
            "PLAN_TOO_LARGE",
            "layer fc1: 36 tiles needed, device has 32; lower K to 10",
            new PreconditionFailure { Violations = { new PreconditionFailure.Types.Violation { Type = "TILES", Subject = "fc1" } } },
            new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(2)) });

        Google.Rpc.Status status = e.GetRpcStatus()!;

        Assert.Equal(StatusCode.FailedPrecondition, e.StatusCode);
        Assert.Equal(e.Status.Detail, status.Message);
        Assert.Equal(("PLAN_TOO_LARGE", "analoghil.dev"), (status.GetDetail<ErrorInfo>()!.Reason, status.GetDetail<ErrorInfo>()!.Domain));
        Assert.Equal("fc1", status.GetDetail<PreconditionFailure>()!.Violations.Single().Subject);
        Assert.Equal(2, status.GetDetail<RetryInfo>()!.RetryDelay.Seconds);
        Assert.Null(status.GetDetail<BadRequest>());
    }

    [Fact]
    public void ToRpcException_TooManyDetails_FitsAndSaysSo()
    {
        var bad = new BadRequest();
        bad.FieldViolations.AddRange(Enumerable.Range(0, 200).Select(i =>
            new BadRequest.Types.FieldViolation { Field = $"f{i}", Description = "wrong, remedy: right" }));

        RpcException e = RpcStatus.Error(StatusCode.InvalidArgument, "BAD_PLAN", new string('m', 5000), bad);

        Assert.InRange(Convert.ToBase64String(e.Trailers.GetValueBytes(RpcStatus.TrailerName)!).Length, 1, RpcStatus.MaxTrailerLength);
        Assert.NotNull(e.GetRpcStatus()!.GetDetail<ErrorInfo>());
        Assert.Contains("1 of 2 details left out", e.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void ToRpcException_CodeOk_Throws() => Assert.Throws<ArgumentException>(() => new Google.Rpc.Status().ToRpcException());

    [Theory]
    [InlineData(null)]
    [InlineData(new byte[] { 0xFF, 0xFF })]
    public void GetRpcStatus_NoneOrDamaged_IsNull(byte[]? trailer)
    {
        var trailers = new Metadata();
        if (trailer is not null)
        {
            trailers.Add(RpcStatus.TrailerName, trailer);
        }

        Assert.Null(new RpcException(new Grpc.Core.Status(StatusCode.Internal, ""), trailers).GetRpcStatus());
    }

    [Fact]
    public async Task Error_ThrownByAHandler_ReachesTheClientWhole()
    {
        await using TestServer server = await TestServer.StartAsync(map: app => app.MapRpcService<FailingHealth>());
        var client = new Grpc.Health.V1.Health.HealthClient(server.Channel);

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => client.CheckAsync(new Grpc.Health.V1.HealthCheckRequest()).ResponseAsync);

        Assert.Equal("PROBE_FAILED", e.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
        Assert.Equal("σ > 5 %", e.GetRpcStatus()!.Message);
    }

    private sealed class FailingHealth : Grpc.Health.V1.Health.HealthBase
    {
        public override Task<Grpc.Health.V1.HealthCheckResponse> Check(Grpc.Health.V1.HealthCheckRequest request, ServerCallContext context) =>
            throw RpcStatus.Error(StatusCode.Aborted, "PROBE_FAILED", "σ > 5 %");
    }
}
