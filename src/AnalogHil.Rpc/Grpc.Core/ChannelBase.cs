namespace Grpc.Core;

/// <summary>A connection, or a pool of them, to one server.</summary>
public abstract class ChannelBase
{
    /// <summary>A channel to a server.</summary>
    /// <param name="target">Its address, for messages.</param>
    protected ChannelBase(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        Target = target;
    }

    /// <summary>Address of the server.</summary>
    public string Target { get; }

    /// <summary>Makes the object that starts calls on this channel.</summary>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Ends the calls under way and closes the connections.</summary>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <summary>See <see cref="ShutdownAsync"/>.</summary>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
