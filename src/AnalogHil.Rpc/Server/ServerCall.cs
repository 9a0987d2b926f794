using AnalogHil.Rpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AnalogHil.Rpc.Server;

/// <summary>One call: its request stream, its response stream, and its end, which comes once.</summary>
internal sealed class ServerCall<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    private const int Http2Cancel = 8;

    private readonly HttpContext _http;
    private readonly Lock _gate = new();
    private bool _writing;
    private bool _finished;

    public ServerCall(HttpContext http, Method<TRequest, TResponse> method, RpcServerOptions options, string? encoding, CallClock clock)
    {
        _http = http;
        Clock = clock;
        Context = new HttpCallContext(http, method.FullName, clock, StartAsync);
        Requests = new RequestStream<TRequest>(
            new MessageReader<TRequest>(http.Request.BodyReader, method.RequestMarshaller, options.MaxReceiveMessageLength, encoding), clock.Token);
        Responses = new ResponseStream<TResponse>(method.ResponseMarshaller, options.MaxSendMessageLength, SendAsync);
    }

    public CallClock Clock { get; }

    public HttpCallContext Context { get; }

    public RequestStream<TRequest> Requests { get; }

    public ResponseStream<TResponse> Responses { get; }

    /// <summary>Reads the request of a call that has exactly one.</summary>
    public async Task<TRequest> ReadSingleAsync()
    {
        if (!await Requests.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            throw new RpcException(new Status(StatusCode.Internal, "The call has no request message; this method needs exactly one."));
        }

        TRequest request = Requests.Current;
        return await Requests.MoveNext(CancellationToken.None).ConfigureAwait(false)
            ? throw new RpcException(new Status(StatusCode.Internal, "The call has more than one request message; this method takes exactly one."))
            : request;
    }

    /// <summary>Writes the response of a call that has exactly one, unless the handler set an error status.</summary>
    public Task WriteSingleAsync(TResponse response)
    {
        if (Context.Status.StatusCode != StatusCode.OK)
        {
            return Task.CompletedTask;
        }

        return response is null
            ? throw new InvalidOperationException($"The handler of {Context.Method} returned null; return a message or throw an RpcException.")
            : Responses.WriteAsync(response);
    }

    /// <summary>Ends the call after its handler; does nothing if the deadline has ended it.</summary>
    public void Finish(Status status, Metadata trailers)
    {
        lock (_gate)
        {
            if (_finished)
            {
                return;
            }

            _finished = true;
        }

        if (!Clock.ClientGone)
        {
            ResponseStatus.Write(_http.Response, status, trailers);
        }
    }

    /// <summary>Ends the call while its handler still runs: by trailers, or by a reset if a write is under way or the client does not read.</summary>
    public async Task FinishEarlyAsync(Status status, TimeSpan grace, TimeProvider time)
    {
        bool writing;
        lock (_gate)
        {
            if (_finished)
            {
                return;
            }

            _finished = true;
            writing = _writing;
        }

        if (!writing)
        {
            try
            {
                ResponseStatus.Write(_http.Response, status, Metadata.Empty);
                await _http.Response.CompleteAsync().WaitAsync(grace, time).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is TimeoutException or IOException or OperationCanceledException)
            {
                // Trailers cannot leave; the reset below frees the stream.
            }
        }

        _http.Features.Get<IHttpResetFeature>()?.Reset(Http2Cancel);
    }

    private Task StartAsync(Metadata headers) => WriteAsync(async cancellationToken =>
    {
        if (_http.Response.HasStarted)
        {
            throw new InvalidOperationException("The response headers have been sent; write them once, before the first response.");
        }

        foreach (Metadata.Entry entry in headers)
        {
            if (!HeaderNames.IsReserved(entry.Key))
            {
                _http.Response.Headers.Append(entry.Key, MetadataText.Format(entry));
            }
        }

        // StartAsync alone leaves the headers in Kestrel's buffer until the first byte of the body.
        await _http.Response.StartAsync(cancellationToken).ConfigureAwait(false);
        await _http.Response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
    });

    private Task SendAsync(ReadOnlyMemory<byte> framed, CancellationToken cancellationToken) => WriteAsync(
        async token => await _http.Response.BodyWriter.WriteAsync(framed, token).ConfigureAwait(false), cancellationToken);

    private async Task WriteAsync(Func<CancellationToken, Task> write, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_finished)
            {
                throw new OperationCanceledException("The call has ended; nothing can be written.", Clock.Token);
            }

            if (_writing)
            {
                throw new InvalidOperationException("A write is under way; await it before the next.");
            }

            _writing = true;
        }

        try
        {
            Clock.Token.ThrowIfCancellationRequested();
            if (cancellationToken.CanBeCanceled)
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Clock.Token);
                await write(either.Token).ConfigureAwait(false);
            }
            else
            {
                await write(Clock.Token).ConfigureAwait(false);
            }

            // Kestrel drops what is written to a connection that is gone, without an error.
            Clock.Token.ThrowIfCancellationRequested();
        }
        finally
        {
            lock (_gate)
            {
                _writing = false;
            }
        }
    }
}
