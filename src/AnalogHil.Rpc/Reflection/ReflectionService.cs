using AnalogHil.Rpc.Server;
using Grpc.Core;
using Grpc.Reflection.V1;

namespace AnalogHil.Rpc.Reflection;

/// <summary>Serves <c>grpc.reflection.v1.ServerReflection</c>.</summary>
internal sealed class ReflectionService(ServiceRegistry registry) : ServerReflection.ServerReflectionBase
{
    private readonly ReflectionAnswers _answers = new(registry);

    /// <inheritdoc/>
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false))
        {
            await responseStream.WriteAsync(_answers.Answer(requestStream.Current), context.CancellationToken).ConfigureAwait(false);
        }
    }
}
