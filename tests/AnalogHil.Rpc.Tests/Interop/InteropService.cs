using Google.Protobuf;
using Grpc.Core;
using Grpc.Testing;

namespace AnalogHil.Rpc.Tests.Interop;

/// <summary>The server of the gRPC interoperability cases.</summary>
internal sealed class InteropService : TestService.TestServiceBase
{
    public const string Initial = "x-grpc-test-echo-initial";
    public const string Trailing = "x-grpc-test-echo-trailing-bin";

    public override Task<Empty> EmptyCall(Empty request, ServerCallContext context) => Task.FromResult(new Empty());

    public override async Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context)
    {
        await EchoAsync(context);
        EndAsAsked(request.ResponseStatus);
        return new SimpleResponse { Payload = Of(request.ResponseSize) };
    }

    public override async Task StreamingOutputCall(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context)
    {
        await EchoAsync(context);
        await RespondAsync(request, responseStream, context);
    }

    public override async Task<StreamingInputCallResponse> StreamingInputCall(
        IAsyncStreamReader<StreamingInputCallRequest> requestStream, ServerCallContext context)
    {
        int size = 0;
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            size += requestStream.Current.Payload.Body.Length;
        }

        return new StreamingInputCallResponse { AggregatedPayloadSize = size };
    }

    public override async Task FullDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream, IServerStreamWriter<StreamingOutputCallResponse> responseStream,
            ServerCallContext context)
    {
        await EchoAsync(context);
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            EndAsAsked(requestStream.Current.ResponseStatus);
            await RespondAsync(requestStream.Current, responseStream, context);
        }
    }

    private static Payload Of(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };

    private static void EndAsAsked(EchoStatus? status)
    {
        if (status is { Code: not 0 })
        {
            throw new RpcException(new Status((StatusCode)status.Code, status.Message));
        }
    }

    private static async Task RespondAsync(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        foreach (ResponseParameters each in request.ResponseParameters)
        {
            await responses.WriteAsync(new StreamingOutputCallResponse { Payload = Of(each.Size) }, context.CancellationToken);
        }
    }

    private static async Task EchoAsync(ServerCallContext context)
    {
        if (context.RequestHeaders.GetValueBytes(Trailing) is { } bytes)
        {
            context.ResponseTrailers.Add(Trailing, bytes);
        }

        if (context.RequestHeaders.GetValue(Initial) is { } text)
        {
            await context.WriteResponseHeadersAsync(new Metadata { { Initial, text } });
        }
    }
}
