using System.Collections.Concurrent;
using System.Reflection;
using AnalogHil.Daemon.Enforcement;
using AnalogHil.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace AnalogHil.Daemon.Tests.Enforcement;

/// <summary>Every method of every service behind the gate, with handlers that count their calls and answer differently each time.</summary>
internal sealed class CountedMethods : ServiceBinderBase
{
    private readonly ServiceBinderBase _gate;
    private readonly Captured _captured = new();
    private readonly ConcurrentDictionary<string, int> _effects;

    public CountedMethods(CallGate gate, OnceOnly once, ConcurrentDictionary<string, int> effects)
    {
        _effects = effects;
        _gate = new GuardedBinder(_captured, gate, once);
        foreach (MethodInfo bind in typeof(LeaseService).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(LeaseService).Namespace)
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.Name == "BindService" && method.GetParameters().Length == 2))
        {
            bind.Invoke(null, [this, null]);
        }
    }

    public IEnumerable<string> Names => _captured.Calls.Keys;

    /// <summary>Calls a method with one request, or with a stream of these.</summary>
    public Task<IMessage> CallAsync(string method, ServerCallContext context, params IReadOnlyList<IMessage> requests) =>
        _captured.Calls[method](requests, context);

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        _gate.AddMethod(method, new UnaryServerMethod<TRequest, TResponse>((_, _) => Task.FromResult(Answer<TResponse>(method))));

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        _gate.AddMethod(method, new ClientStreamingServerMethod<TRequest, TResponse>(async (stream, _) =>
        {
            Assert.True(await stream.MoveNext(CancellationToken.None));
            Assert.NotNull(stream.Current);
            return Answer<TResponse>(method);
        }));

    // No stream of replies is a mutation: MethodRules refuses one.
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
    }

    private TResponse Answer<TResponse>(IMethod method)
        where TResponse : class
    {
        _effects.AddOrUpdate(method.FullName, 1, (_, count) => count + 1);
        TResponse response = Activator.CreateInstance<TResponse>();
        Fill((IMessage)response, depth: 3);
        return response;
    }

    private static void Fill(IMessage message, int depth)
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder().Where(field => !field.IsRepeated && field.RealContainingOneof is null))
        {
            if (field.FieldType == FieldType.String)
            {
                field.Accessor.SetValue(message, Guid.NewGuid().ToString("D"));
            }
            else if (field.FieldType == FieldType.Message && depth > 0)
            {
                var inner = (IMessage)Activator.CreateInstance(field.MessageType.ClrType)!;
                Fill(inner, depth - 1);
                field.Accessor.SetValue(message, inner);
            }
        }
    }

    private sealed class Captured : ServiceBinderBase
    {
        public Dictionary<string, Func<IReadOnlyList<IMessage>, ServerCallContext, Task<IMessage>>> Calls { get; } = new(StringComparer.Ordinal);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            Calls[method.FullName] = async (requests, context) => (IMessage)await handler!((TRequest)requests.Single(), context);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
            Calls[method.FullName] = async (requests, context) => (IMessage)await handler!(new Messages<TRequest>([.. requests.Cast<TRequest>()]), context);
    }

    private sealed class Messages<T>(T[] messages) : IAsyncStreamReader<T>
    {
        private int _at = -1;

        public T Current => messages[_at];

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromResult(++_at < messages.Length);
    }
}
