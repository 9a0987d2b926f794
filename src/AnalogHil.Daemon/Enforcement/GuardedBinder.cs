using AnalogHil.Daemon.Identity;
using AnalogHil.V1;
using Google.Protobuf;
using Grpc.Core;

namespace AnalogHil.Daemon.Enforcement;

/// <summary>Puts the gate before every handler: identity, policy, request id, lease and epoch; then the handler, once a request id.</summary>
internal sealed class GuardedBinder(ServiceBinderBase inner, CallGate gate, OnceOnly once) : ServiceBinderBase
{
    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        MethodRule rule = gate.RuleOf(method);
        inner.AddMethod(method, handler is null ? null : new UnaryServerMethod<TRequest, TResponse>((request, context) => Refusal.AsStatus(async () =>
        {
            CallerIdentity caller = gate.Admit(rule, context);
            return await RunAsync(method, rule, caller, request, context, () => handler(request, context)).ConfigureAwait(false);
        })));
    }

    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodRule rule = gate.RuleOf(method);
        inner.AddMethod(method, handler is null ? null : new ClientStreamingServerMethod<TRequest, TResponse>((stream, context) => Refusal.AsStatus(async () =>
        {
            CallerIdentity caller = gate.Admit(rule, context);
            BegunStream<TRequest> begun = await BegunStream<TRequest>.BeginAsync(stream, context.CancellationToken).ConfigureAwait(false);
            if (!rule.Mutation || begun.First is not IMessage first)
            {
                return await GuardedAsync(rule, caller, begun.First, context, () => handler(begun, context)).ConfigureAwait(false);
            }

            using var read = new FingerprintedStream<TRequest>(begun);
            return await once.RunStreamAsync(
                method, CallGate.KeyOf(caller, first), read, first, () => GuardedAsync(rule, caller, first, context, () => handler(read, context)),
                context.CancellationToken).ConfigureAwait(false);
        })));
    }

    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodRule rule = gate.RuleOf(method);
        inner.AddMethod(method, handler is null ? null : new ServerStreamingServerMethod<TRequest, TResponse>(
            (request, stream, context) => Refusal.AsStatus(async () =>
        {
            using CallFacts facts = gate.Check(rule, gate.Admit(rule, context), request);
            context.SetFacts(facts);
            using IDisposable? scope = gate.LogScope(rule, facts);
            await handler(request, stream, context).ConfigureAwait(false);
            return true;
        })));
    }

    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        MethodRule rule = gate.RuleOf(method);
        inner.AddMethod(method, handler is null ? null : new DuplexStreamingServerMethod<TRequest, TResponse>(
            (requests, replies, context) => Refusal.AsStatus(async () =>
        {
            CallerIdentity caller = gate.Admit(rule, context);
            if (rule.Lease == LeaseNeed.Unspecified)
            {
                context.SetFacts(new CallFacts(caller));
                await handler(requests, replies, context).ConfigureAwait(false);
                return true;
            }

            BegunStream<TRequest> begun = await BegunStream<TRequest>.BeginAsync(requests, context.CancellationToken).ConfigureAwait(false);
            using CallFacts facts = gate.Check(rule, caller, begun.First);
            context.SetFacts(facts);
            using IDisposable? scope = gate.LogScope(rule, facts);
            await handler(begun, replies, context).ConfigureAwait(false);
            return true;
        })));
    }

    private async Task<TResponse> RunAsync<TResponse>(
        IMethod method, MethodRule rule, CallerIdentity caller, object? request, ServerCallContext context, Func<Task<TResponse>> handle)
        where TResponse : class
    {
        // A request that was answered before is answered again whatever became of its lease.
        return rule.Mutation && request is IMessage message
            ? await once.RunAsync(
                method, CallGate.KeyOf(caller, message), message, () => GuardedAsync(rule, caller, request, context, handle)).ConfigureAwait(false)
            : await GuardedAsync(rule, caller, request, context, handle).ConfigureAwait(false);
    }

    private async Task<TResponse> GuardedAsync<TResponse>(
        MethodRule rule, CallerIdentity caller, object? request, ServerCallContext context, Func<Task<TResponse>> handle)
    {
        using CallFacts facts = gate.Check(rule, caller, request);
        context.SetFacts(facts);
        using IDisposable? scope = gate.LogScope(rule, facts);
        return await handle().ConfigureAwait(false);
    }
}
