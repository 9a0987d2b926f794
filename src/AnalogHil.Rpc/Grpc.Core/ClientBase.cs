namespace Grpc.Core;

/// <summary>What generated clients have in common.</summary>
public abstract class ClientBase
{
    private readonly ClientBaseConfiguration? _configuration;

    /// <summary>For test doubles: no call can be made.</summary>
    protected ClientBase()
    {
    }

    /// <summary>A client on a channel.</summary>
    /// <param name="channel">The channel.</param>
    protected ClientBase(ChannelBase channel)
        : this((channel ?? throw new ArgumentNullException(nameof(channel))).CreateCallInvoker())
    {
    }

    /// <summary>A client on an invoker.</summary>
    /// <param name="callInvoker">Starts the calls.</param>
    protected ClientBase(CallInvoker callInvoker)
        : this(new ClientBaseConfiguration(callInvoker))
    {
    }

    /// <summary>A configured client.</summary>
    /// <param name="configuration">The configuration.</param>
    protected ClientBase(ClientBaseConfiguration configuration) => _configuration = configuration;

    /// <summary>Starts the calls.</summary>
    /// <exception cref="InvalidOperationException">The client is a test double.</exception>
    protected CallInvoker CallInvoker => Configuration.CallInvoker;

    /// <summary>The configuration of this client.</summary>
    internal ClientBaseConfiguration Configuration =>
        _configuration ?? throw new InvalidOperationException("This client was made without a channel (a test double) and can make no call.");

    /// <summary>Options that clients of one kind share.</summary>
    protected internal sealed class ClientBaseConfiguration
    {
        internal ClientBaseConfiguration(CallInvoker callInvoker)
        {
            ArgumentNullException.ThrowIfNull(callInvoker);
            CallInvoker = callInvoker;
        }

        internal CallInvoker CallInvoker { get; }
    }
}
