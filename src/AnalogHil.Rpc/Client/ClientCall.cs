using System.IO.Pipelines;
using AnalogHil.Rpc.Wire;
using Grpc.Core;

namespace AnalogHil.Rpc.Client;

/// <summary>One call: sends its request, reads its responses, and ends once, with a status.</summary>
internal sealed class ClientCall<TRequest, TResponse> : IAsyncStreamReader<TResponse>, ICallEnding, IDisposable
    where TRequest : class
    where TResponse : class
{
    // A failed write usually means that the server ended the call; its status is then on the way.
    private static readonly TimeSpan StatusGrace = TimeSpan.FromSeconds(1);

    private readonly RpcChannel _channel;
    private readonly Method<TRequest, TResponse> _method;
    private readonly string? _host;
    private readonly CallOptions _options;
    private readonly TimeSpan? _timeout;
    private readonly CancellationTokenSource? _deadline;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _stopped;
    private readonly TaskCompletionSource<Metadata> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CallEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<MessageReader<TResponse>?> _open = Task.FromResult<MessageReader<TResponse>?>(null);
    private HttpResponseMessage? _response;
    private TResponse? _current;

    public ClientCall(RpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        _channel = channel;
        _method = method;
        _host = host;
        _options = options;
        _timeout = Deadline.Left(options.Deadline, channel.Options.TimeProvider);
        _deadline = _timeout is { } left ? new CancellationTokenSource(left, channel.Options.TimeProvider) : null;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, channel.Closed, _deadline?.Token ?? CancellationToken.None);
        _stopped = _stop.Token;

        // A call that nobody reads just now must end too, so that the server hears of it.
        _stopped.Register(() => End(Failed(new OperationCanceledException(_stopped))));
    }

    /// <summary>The response headers.</summary>
    public Task<Metadata> Headers => _headers.Task;

    /// <inheritdoc/>
    public TResponse Current =>
        _current ?? throw new InvalidOperationException("There is no response here; call MoveNext first and read while it returns true.");

    private int? GzipFrom => _options.WriteOptions?.Flags.HasFlag(WriteFlags.NoCompress) == true ? null : _channel.Options.GzipFrom;

    /// <summary>Sends the one request.</summary>
    public void Start(TRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        _open = OpenAsync(() => new ReadOnlyMemoryContent(
            OutgoingMessage.Serialize(request, _method.RequestMarshaller, _channel.Options.MaxSendMessageLength, GzipFrom)));
    }

    /// <summary>Opens the stream of requests.</summary>
    public RequestWriter<TRequest> StartStream()
    {
        var content = new RequestStreamContent(_stopped);
        var writer = new RequestWriter<TRequest>(content, _method.RequestMarshaller, _channel.Options.MaxSendMessageLength, GzipFrom, this, _stopped)
        {
            WriteOptions = _options.WriteOptions,
        };
        _open = OpenAsync(() => content);
        return writer;
    }

    /// <inheritdoc/>
    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        _current = null;
        using CancellationTokenRegistration cancel = cancellationToken.Register(Cancel);
        MessageReader<TResponse>? reader = await _open.ConfigureAwait(false);
        if (reader is not null && !_end.Task.IsCompleted)
        {
            try
            {
                Received<TResponse> received = await reader.ReadAsync(_stopped).ConfigureAwait(false);
                if (received.HasMessage)
                {
                    _current = received.Message;
                    return true;
                }

                End(ResponseMetadata.ReadEnd(_response!.TrailingHeaders) ?? NoStatus());
            }
            catch (Exception e) when (e is not InvalidOperationException || _end.Task.IsCompleted)
            {
                // A server that fails inside a message says why in its trailers.
                CallEnd? told = e is RpcException ? ResponseMetadata.ReadEnd(_response!.TrailingHeaders) : null;
                End(told is { Status.StatusCode: not StatusCode.OK } ? told : Failed(e));
            }
        }

        CallEnd end = await _end.Task.ConfigureAwait(false);
        return end.Status.StatusCode == StatusCode.OK ? false : throw end.ToException();
    }

    /// <summary>Reads the response of a call that has exactly one.</summary>
    public async Task<TResponse> ReadSingleAsync()
    {
        if (!await MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            throw new RpcException(
                new Status(StatusCode.Internal, $"{_method.FullName} ended with OK but without a response; the server breaks the protocol."));
        }

        TResponse response = Current;
        if (await MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            End(new CallEnd(new Status(StatusCode.Internal, $"{_method.FullName} sent more than one response; the server breaks the protocol."),
                Metadata.Empty));
            throw _end.Task.Result.ToException();
        }

        return response;
    }

    /// <summary>Status of the ended call.</summary>
    public Status GetStatus() => Ended().Status;

    /// <summary>Trailers of the ended call.</summary>
    public Metadata GetTrailers() => Ended().Trailers;

    /// <inheritdoc/>
    public void Cancel() => End(new CallEnd(new Status(StatusCode.Cancelled, "The call was cancelled on this side."), Metadata.Empty));

    /// <inheritdoc/>
    public void Dispose() => Cancel();

    /// <inheritdoc/>
    public async Task<Exception> WhyAsync(Exception failure)
    {
        if (_stopped.IsCancellationRequested)
        {
            End(Failed(failure));
        }

        try
        {
            CallEnd end = await _end.Task.WaitAsync(StatusGrace, _channel.Options.TimeProvider).ConfigureAwait(false);
            return end.Status.StatusCode == StatusCode.OK
                ? new InvalidOperationException($"The server has ended {_method.FullName} with OK; no request can follow.", failure)
                : end.ToException();
        }
        catch (TimeoutException)
        {
            return Failed(failure).ToException();
        }
    }

    private static CallEnd NoStatus() =>
        new(new Status(StatusCode.Unknown, $"The response ended without {HeaderNames.Status}; the server or something between broke it off."), Metadata.Empty);

    private async Task<MessageReader<TResponse>?> OpenAsync(Func<HttpContent> content)
    {
        try
        {
            _stopped.ThrowIfCancellationRequested();

            // Not disposed here: a stream of requests goes on after the response has begun.
            HttpRequestMessage request = RequestBuilder.Build(
                _channel.Address, _method, _host, _options.Headers, _timeout, _channel.Options.GzipFrom is not null, content());
            HttpResponseMessage response = await _channel.SendAsync(request, _stopped).ConfigureAwait(false);
            Interlocked.Exchange(ref _response, response);
            if (_end.Task.IsCompleted)
            {
                response.Dispose();
                return null;
            }

            if (ResponseMetadata.ReadEnd(response.Headers) is { } early)
            {
                _headers.TrySetResult([]);
                End(early);
                return null;
            }

            if (ResponseMetadata.Refusal(response) is { } refusal)
            {
                End(new CallEnd(refusal, Metadata.Empty));
                return null;
            }

            _headers.TrySetResult(ResponseMetadata.Read(response.Headers));
            Stream body = await response.Content.ReadAsStreamAsync(_stopped).ConfigureAwait(false);
            return new MessageReader<TResponse>(
                PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 16 * 1024, minimumReadSize: 4096)),
                _method.ResponseMarshaller,
                _channel.Options.MaxReceiveMessageLength,
                ResponseMetadata.First(response.Headers, HeaderNames.Encoding));
        }
#pragma warning disable CA1031 // Whatever fails becomes the status of the call, which every user of it sees.
        catch (Exception e)
#pragma warning restore CA1031
        {
            End(Failed(e));
            return null;
        }
    }

    private CallEnd Failed(Exception e)
    {
        Status status = _deadline is { IsCancellationRequested: true }
            ? new Status(StatusCode.DeadlineExceeded,
                $"{_method.FullName} did not end within its deadline of {_timeout!.Value.TotalSeconds:0.###} s; it may have been executed.", e)
            : _channel.Closed.IsCancellationRequested ? new Status(StatusCode.Cancelled, $"The channel to {_channel.Target} was closed.", e)
            : _stopped.IsCancellationRequested ? new Status(StatusCode.Cancelled, "The call was cancelled on this side.", e)
            : CallFailure.Of(e, _channel.Target);
        return new CallEnd(status, Metadata.Empty);
    }

    private CallEnd Ended() => _end.Task.IsCompletedSuccessfully
        ? _end.Task.Result
        : throw new InvalidOperationException("The call has not ended; read its responses to the end first.");

    // The first end counts. Stopping then frees the request stream, the connection's stream and the timers.
    private void End(CallEnd end)
    {
        if (!_end.TrySetResult(end))
        {
            return;
        }

        if (_headers.TrySetException(end.ToException()))
        {
            // Few callers look at the headers; the same error reaches them through the response.
            _ = _headers.Task.Exception;
        }

        _stop.Cancel();
        _response?.Dispose();
        _stop.Dispose();
        _deadline?.Dispose();
    }
}
