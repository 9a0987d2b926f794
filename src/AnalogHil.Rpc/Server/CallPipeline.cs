using AnalogHil.Rpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Rpc.Server;

/// <summary>Runs one call from the first check to its status.</summary>
internal sealed partial class CallPipeline(RpcServerOptions options, CallMeter meter, TimeProvider time, ILogger logger)
{
    // The text of an unexpected exception stays in the log, since it may name paths or values.
    private const string UnexpectedDetail = "The handler failed unexpectedly; the server's log has the cause.";

    public async Task RunAsync<TRequest, TResponse>(
        HttpContext http, Method<TRequest, TResponse> method, Func<ServerCall<TRequest, TResponse>, Task> handle)
        where TRequest : class
        where TResponse : class
    {
        if (!CallAdmission.IsGrpcCall(http, out int refusal))
        {
            http.Response.StatusCode = refusal;
            return;
        }

        http.Response.ContentType = HeaderNames.ContentType;
        LiftBodyLimits(http, method.Type);

        ServerCall<TRequest, TResponse> call;
        try
        {
            string? encoding = CallAdmission.Encoding(http);
            TimeSpan? timeout = CallAdmission.Timeout(http, LimitOf(method.Type));
            call = new ServerCall<TRequest, TResponse>(http, method, options, encoding, new CallClock(timeout, time, http.RequestAborted));
        }
        catch (RpcException e)
        {
            ResponseStatus.Write(http.Response, e.Status, e.Trailers);
            meter.Refused(method.FullName, e.StatusCode);
            return;
        }

        using ServerCall<TRequest, TResponse> running = call;
        CallClock clock = call.Clock;
        long began = meter.Began(method.FullName);
        CallOutcome? ended = null;
        try
        {
            ended = await RunAsync(call, clock, handle).ConfigureAwait(false);
        }
        finally
        {
            meter.Ended(method.FullName, began, ended?.Status.StatusCode ?? StatusCode.Internal);
        }
    }

    private async Task<CallOutcome> RunAsync<TRequest, TResponse>(
        ServerCall<TRequest, TResponse> call, CallClock clock, Func<ServerCall<TRequest, TResponse>, Task> handle)
        where TRequest : class
        where TResponse : class
    {
        Task<CallOutcome> handled = HandleAsync(call, handle);
        if (!handled.IsCompleted && await clock.ExpiresBefore(handled).ConfigureAwait(false))
        {
            // The client must hear of the deadline even if the handler does not watch its token.
            await call.FinishEarlyAsync(clock.ExpiredStatus, options.CompletionGrace, time).ConfigureAwait(false);
        }

        // The request's objects belong to the handler until it ends.
        CallOutcome outcome = await handled.ConfigureAwait(false);
        call.Finish(outcome.Status, outcome.Trailers);
        return clock.Expired ? outcome with { Status = clock.ExpiredStatus } : outcome;
    }

    private TimeSpan? LimitOf(MethodType type) => type != MethodType.Unary || options.MaxUnaryDuration is not { } unary
        ? options.MaxCallDuration
        : options.MaxCallDuration is { } any && any < unary ? any : unary;

    private static void LiftBodyLimits(HttpContext http, MethodType type)
    {
        // Messages have their own limit, and a stream may be as long and as slow as it likes.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (type is MethodType.ClientStreaming or MethodType.DuplexStreaming
            && http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private async Task<CallOutcome> HandleAsync<TRequest, TResponse>(
        ServerCall<TRequest, TResponse> call, Func<ServerCall<TRequest, TResponse>, Task> handle)
        where TRequest : class
        where TResponse : class
    {
        try
        {
            await handle(call).ConfigureAwait(false);
            return new CallOutcome(call.Context.Status, call.Context.ResponseTrailers);
        }
        catch (Exception) when (call.Clock.Expired)
        {
            return new CallOutcome(call.Clock.ExpiredStatus, call.Context.ResponseTrailers);
        }
        catch (RpcException e)
        {
            return CallOutcome.Of(e, call.Context.ResponseTrailers);
        }
        catch (Exception e) when (call.ClientGone && e is OperationCanceledException or IOException)
        {
            return new CallOutcome(new Status(StatusCode.Cancelled, "The client cancelled the call."), call.Context.ResponseTrailers);
        }
#pragma warning disable CA1031 // Whatever a handler throws must become a status: nobody above can tell the client.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogUnexpected(e, call.Context.Method);
            return new CallOutcome(new Status(StatusCode.Unknown, UnexpectedDetail), call.Context.ResponseTrailers);
        }
    }
}
