namespace Grpc.Core;

/// <summary>Base of a generated client.</summary>
/// <typeparam name="T">The generated client itself.</typeparam>
public abstract class ClientBase<T> : ClientBase
    where T : ClientBase<T>
{
    /// <summary>For test doubles: no call can be made.</summary>
    protected ClientBase()
    {
    }

    /// <summary>A client on a channel.</summary>
    /// <param name="channel">The channel.</param>
    protected ClientBase(ChannelBase channel)
        : base(channel)
    {
    }

    /// <summary>A client on an invoker.</summary>
    /// <param name="callInvoker">Starts the calls.</param>
    protected ClientBase(CallInvoker callInvoker)
        : base(callInvoker)
    {
    }

    /// <summary>A configured client.</summary>
    /// <param name="configuration">The configuration.</param>
    protected ClientBase(ClientBaseConfiguration configuration)
        : base(configuration)
    {
    }

    /// <summary>A client of the same type with another configuration.</summary>
    /// <param name="configuration">The configuration.</param>
    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}
