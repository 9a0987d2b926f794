namespace Grpc.Core;

/// <summary>A call that ended with an error status; thrown by a handler, it sets the status that the client sees.</summary>
public class RpcException : Exception
{
    /// <summary>An error with no trailers.</summary>
    /// <param name="status">The status of the call.</param>
    public RpcException(Status status)
        : this(status, Metadata.Empty, status.ToString())
    {
    }

    /// <summary>An error with a local message of its own.</summary>
    /// <param name="status">The status of the call.</param>
    /// <param name="message">Text of the exception; stays on this side of the wire.</param>
    public RpcException(Status status, string message)
        : this(status, Metadata.Empty, message)
    {
    }

    /// <summary>An error with trailers.</summary>
    /// <param name="status">The status of the call.</param>
    /// <param name="trailers">Metadata sent after the status.</param>
    public RpcException(Status status, Metadata trailers)
        : this(status, trailers, status.ToString())
    {
    }

    /// <summary>An error with trailers and a local message of its own.</summary>
    /// <param name="status">The status of the call.</param>
    /// <param name="trailers">Metadata sent after the status.</param>
    /// <param name="message">Text of the exception; stays on this side of the wire.</param>
    public RpcException(Status status, Metadata trailers, string message)
        : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    /// <summary>The status of the call.</summary>
    public Status Status { get; }

    /// <summary>The code of <see cref="Status"/>.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>Metadata after the status; empty, never null.</summary>
    public Metadata Trailers { get; }
}
