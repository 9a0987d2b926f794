using Google.Protobuf;
using Grpc.Core;
using Grpc.Testing;

namespace AnalogHil.Rpc.Tests.Interop;

/// <summary>The gRPC interoperability cases (grpc/grpc, doc/interop-test-descriptions.md) for a client of this layer.</summary>
internal sealed class InteropCases(ChannelBase channel)
{
    private static readonly int[] RequestSizes = [27182, 8, 1828, 45904];
    private static readonly int[] ResponseSizes = [31415, 9, 2653, 58979];
    private readonly TestService.TestServiceClient _client = new(channel);

    public IReadOnlyList<(string Name, Func<Task> Run)> All =>
    [
        ("empty_unary", EmptyUnary), ("large_unary", LargeUnary), ("client_streaming", ClientStreaming), ("server_streaming", ServerStreaming),
        ("ping_pong", PingPong), ("empty_stream", EmptyStream), ("timeout_on_sleeping_server", TimeoutOnSleepingServer),
        ("cancel_after_begin", CancelAfterBegin), ("cancel_after_first_response", CancelAfterFirstResponse),
        ("status_code_and_message", StatusCodeAndMessage), ("special_status_message", SpecialStatusMessage),
        ("unimplemented_method", UnimplementedMethod), ("unimplemented_service", UnimplementedService), ("custom_metadata", CustomMetadata),
    ];

    private static CallOptions Soon => new(deadline: DateTime.UtcNow.AddSeconds(60));

    private async Task EmptyUnary() => Assert.Equal(new Empty(), await _client.EmptyCallAsync(new Empty(), Soon));

    private async Task LargeUnary() => Assert.Equal(314159, (await _client.UnaryCallAsync(Large(), Soon)).Payload.Body.Length);

    private async Task ClientStreaming()
    {
        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call = _client.StreamingInputCall(Soon);
        foreach (int size in RequestSizes)
        {
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Of(size) });
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(74922, (await call).AggregatedPayloadSize);
    }

    private async Task ServerStreaming()
    {
        var request = new StreamingOutputCallRequest { ResponseParameters = { ResponseSizes.Select(size => new ResponseParameters { Size = size }) } };
        using AsyncServerStreamingCall<StreamingOutputCallResponse> call = _client.StreamingOutputCall(request, Soon);
        Assert.Equal(ResponseSizes, await SizesAsync(call.ResponseStream));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    private async Task PingPong()
    {
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = _client.FullDuplexCall(Soon);
        foreach ((int asked, int given) in RequestSizes.Zip(ResponseSizes))
        {
            await call.RequestStream.WriteAsync(Ask(given, asked));
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(given, call.ResponseStream.Current.Payload.Body.Length);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    private async Task EmptyStream()
    {
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = _client.FullDuplexCall(Soon);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    private async Task TimeoutOnSleepingServer()
    {
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
            _client.FullDuplexCall(new CallOptions(deadline: DateTime.UtcNow.AddMilliseconds(1)));
        Task write = call.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = Of(27182) });
        await Ends(StatusCode.DeadlineExceeded, () => call.ResponseStream.MoveNext());

        // The write may have left before the deadline, or fails with it.
        if (await Record.ExceptionAsync(() => write) is { } late)
        {
            Assert.Equal(StatusCode.DeadlineExceeded, Assert.IsType<RpcException>(late).StatusCode);
        }
    }

    private async Task CancelAfterBegin()
    {
        using var cancel = new CancellationTokenSource();
        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call =
            _client.StreamingInputCall(Soon.WithCancellationToken(cancel.Token));
        await cancel.CancelAsync();
        await Ends(StatusCode.Cancelled, () => call.ResponseAsync);
    }

    private async Task CancelAfterFirstResponse()
    {
        using var cancel = new CancellationTokenSource();
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
            _client.FullDuplexCall(Soon.WithCancellationToken(cancel.Token));
        await call.RequestStream.WriteAsync(Ask(31415, 27182));
        Assert.True(await call.ResponseStream.MoveNext());
        await cancel.CancelAsync();
        await Ends(StatusCode.Cancelled, () => call.ResponseStream.MoveNext());
    }

    private async Task StatusCodeAndMessage()
    {
        var status = new EchoStatus { Code = 2, Message = "test status message" };
        RpcException unary = await Ends(StatusCode.Unknown, () => _client.UnaryCallAsync(new SimpleRequest { ResponseStatus = status }, Soon).ResponseAsync);
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = _client.FullDuplexCall(Soon);
        await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = status });
        RpcException duplex = await Ends(StatusCode.Unknown, () => call.ResponseStream.MoveNext());
        Assert.Equal(["test status message", "test status message"], [unary.Status.Detail, duplex.Status.Detail]);
    }

    private async Task SpecialStatusMessage()
    {
        const string Special = "\t\ntest with whitespace\r\nand Unicode BMP \u263A and non-BMP \U0001F608\t\n";
        RpcException e = await Ends(StatusCode.Unknown, () => _client.UnaryCallAsync(
            new SimpleRequest { ResponseStatus = new EchoStatus { Code = 2, Message = Special } }, Soon).ResponseAsync);
        Assert.Equal(Special, e.Status.Detail);
    }

    private Task UnimplementedMethod() => Ends(StatusCode.Unimplemented, () => _client.UnimplementedCallAsync(new Empty(), Soon).ResponseAsync);

    private Task UnimplementedService() => Ends(
        StatusCode.Unimplemented, () => new UnimplementedService.UnimplementedServiceClient(channel).UnimplementedCallAsync(new Empty(), Soon).ResponseAsync);

    private async Task CustomMetadata()
    {
        CallOptions options = Soon.WithHeaders(
            new Metadata { { InteropService.Initial, "test_initial_metadata_value" }, { InteropService.Trailing, [0xab, 0xab, 0xab] } });
        using AsyncUnaryCall<SimpleResponse> unary = _client.UnaryCallAsync(Large(), options);
        await unary;
        IsEchoed(await unary.ResponseHeadersAsync, unary.GetTrailers());

        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> duplex = _client.FullDuplexCall(options);
        await duplex.RequestStream.WriteAsync(Ask(314159, 271828));
        await duplex.RequestStream.CompleteAsync();
        Assert.Equal(314159, Assert.Single(await SizesAsync(duplex.ResponseStream)));
        IsEchoed(await duplex.ResponseHeadersAsync, duplex.GetTrailers());
    }

    private static void IsEchoed(Metadata headers, Metadata trailers)
    {
        Assert.Equal("test_initial_metadata_value", headers.GetValue(InteropService.Initial));
        Assert.Equal([0xab, 0xab, 0xab], trailers.GetValueBytes(InteropService.Trailing)!);
    }

    private static async Task<RpcException> Ends(StatusCode code, Func<Task> call)
    {
        RpcException e = await Assert.ThrowsAsync<RpcException>(call);
        Assert.True(e.StatusCode == code, $"{e.Status} instead of {code}");
        return e;
    }

    private static async Task<int[]> SizesAsync(IAsyncStreamReader<StreamingOutputCallResponse> responses)
    {
        List<int> sizes = [];
        while (await responses.MoveNext())
        {
            sizes.Add(responses.Current.Payload.Body.Length);
        }

        return [.. sizes];
    }

    private static SimpleRequest Large() => new() { ResponseSize = 314159, Payload = Of(271828) };

    private static StreamingOutputCallRequest Ask(int given, int asked) =>
        new() { ResponseParameters = { new ResponseParameters { Size = given } }, Payload = Of(asked) };

    private static Payload Of(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };
}
