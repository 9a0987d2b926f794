using AnalogHil.Rpc.Server;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;

namespace AnalogHil.Rpc.Reflection;

/// <summary>Serves <c>grpc.reflection.v1alpha.ServerReflection</c>, which older clients ask for; its messages have the same bytes as those of v1.</summary>
internal sealed class ReflectionAlphaService(ServiceRegistry registry) : ServerReflection.ServerReflectionBase
{
    private readonly ReflectionAnswers _answers = new(registry);

    /// <inheritdoc/>
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false))
        {
            ByteString answer = _answers.Answer(
                Grpc.Reflection.V1.ServerReflectionRequest.Parser.ParseFrom(requestStream.Current.ToByteString())).ToByteString();
            await responseStream.WriteAsync(ServerReflectionResponse.Parser.ParseFrom(answer), context.CancellationToken).ConfigureAwait(false);
        }
    }
}
