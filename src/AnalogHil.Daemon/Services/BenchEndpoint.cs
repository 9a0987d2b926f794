using AnalogHil.Daemon.Benches;
using AnalogHil.V1;
using Grpc.Core;

namespace AnalogHil.Daemon.Services;

/// <summary>analoghil.v1.BenchService.</summary>
internal sealed class BenchEndpoint(BenchDirectory directory) : BenchService.BenchServiceBase
{
    /// <inheritdoc/>
    public override Task<ListBenchesResponse> ListBenches(ListBenchesRequest request, ServerCallContext context) => Reply.From(() =>
    {
        var reply = new ListBenchesResponse();
        reply.Benches.AddRange(directory.Files().Select(directory.Describe));
        return reply;
    });

    /// <inheritdoc/>
    public override Task<GetBenchResponse> GetBench(GetBenchRequest request, ServerCallContext context) => Reply.From(() =>
        new GetBenchResponse { Bench = directory.Describe(directory.Locate(request.Name)) });
}
