using System.IO.Pipelines;
using AnalogHil.Rpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AnalogHil.Rpc.Server;

/// <summary>One call: its request stream, its response stream, and its end, which comes once.</summary>
internal sealed class ServerCall<TRequest, TResponse> : IDisposable
    where TRequest : class
    where TResponse : class
{
    private const int Http2Cancel = 8;

    private readonly HttpContext _http;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private bool _finished;
    private volatile bool _lost;

    public ServerCall(HttpContext http, Method<TRequest, TResponse> method, RpcServerOptions options, string? encoding, CallClock clock)
    {
        _http = http;
        Clock = clock;
        Context = new HttpCallContext(http, method.FullName, clock, StartAsync);
        Requests = new RequestStream<TRequest>(
            new MessageReader<TRequest>(http.Request.BodyReader, method.RequestMarshaller, options.MaxReceiveMessageLength, encoding), clock.Token);
        int? gzipFrom = Compression.IsAccepted(http.Request.Headers[HeaderNames.AcceptEncoding]) ? options.GzipFrom : null;
        if (gzipFrom is not null)
        {
            http.Response.Headers[HeaderNames.Encoding] = Compression.Gzip;
        }

        Responses = new ResponseStream<TResponse>(method.ResponseMarshaller, options.MaxSendMessageLength, gzipFrom, Context, SendAsync);
    }

    public CallClock Clock { get; }

    /// <summary>Whether the client has cancelled or lost its connection.</summary>
    public bool ClientGone => _lost || Clock.ClientGone;

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

        if (!ClientGone)
        {
            ResponseStatus.Write(_http.Response, status, trailers);
        }
    }

    /// <summary>Ends the call while its handler still runs: by trailers, or by a reset if the client leaves no room for them.</summary>
    public async Task FinishEarlyAsync(Status status, TimeSpan grace, TimeProvider time)
    {
        lock (_gate)
        {
            if (_finished)
            {
                return;
            }

            _finished = true;
        }

        using var limit = new CancellationTokenSource(grace, time);
        try
        {
            await _writing.WaitAsync(limit.Token).ConfigureAwait(false);
            ResponseStatus.Write(_http.Response, status, Metadata.Empty);
            await _http.Response.CompleteAsync().WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            Reset();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Clock.Dispose();
        _writing.Dispose();
    }

    private Task StartAsync(Metadata headers) => WriteAsync(
        async () =>
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
            await _http.Response.StartAsync().ConfigureAwait(false);
            return await _http.Response.BodyWriter.FlushAsync().ConfigureAwait(false);
        },
        CancellationToken.None);

    private Task SendAsync(ReadOnlyMemory<byte> framed, CancellationToken cancellationToken) =>
        WriteAsync(() => _http.Response.BodyWriter.WriteAsync(framed, CancellationToken.None).AsTask(), cancellationToken);

    private async Task WriteAsync(Func<Task<FlushResult>> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Clock.Token.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_finished)
            {
                throw new OperationCanceledException("The call has ended; nothing can be written.", Clock.Token);
            }

            if (!_writing.Wait(0, CancellationToken.None))
            {
                throw new InvalidOperationException("A write is under way; await it before the next.");
            }
        }

        try
        {
            // No token goes to Kestrel: a cancelled write would end the stream with INTERNAL_ERROR. A reset frees the write just as well.
            using CancellationTokenRegistration reset = cancellationToken.Register(Reset);
            FlushResult flushed = await write().ConfigureAwait(false);
            if (flushed.IsCompleted || flushed.IsCanceled)
            {
                // Kestrel drops what is written to a stream that is gone, without an error, and its token may come later.
                _lost = true;
                throw new OperationCanceledException("The client has ended the call; nothing can be written.", cancellationToken);
            }

            Clock.Token.ThrowIfCancellationRequested();
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Reset()
    {
        _lost = true;
        _http.Features.Get<IHttpResetFeature>()?.Reset(Http2Cancel);
    }
}
