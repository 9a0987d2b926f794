using AnalogHil.Daemon.Hosting;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace AnalogHil.Daemon.Services;

/// <summary>analoghil.v1.SystemService.</summary>
internal sealed class SystemEndpoint(DaemonOptions options) : SystemService.SystemServiceBase
{
    private readonly Timestamp _started = Timestamp.FromDateTimeOffset(options.Time.GetUtcNow());

    /// <inheritdoc/>
    public override Task<GetServerInfoResponse> GetServerInfo(GetServerInfoRequest request, ServerCallContext context) =>
        Task.FromResult(new GetServerInfoResponse
        {
            Version = BuildInfo.Version,
            Commit = BuildInfo.Commit,
            Runtime = BuildInfo.Runtime,
            Started = _started,
            QueueLimit = options.QueueLimit,
            MessageLimitBytes = DaemonHost.MessageLimitBytes,
            ChunkLimitBytes = DaemonHost.ChunkLimitBytes,
            CallLimit = Duration.FromTimeSpan(options.CallLimit),
            OperationsKept = options.OperationsKept,
            Features =
            {
                "audit", "campaign.resume", "campaign.resume-after-restart", "campaign.wait-for-bench", "deployments",
                    "devices", "leases", "models", "operations", "plans",
            },
        });
}
