using Grpc.Core;

namespace AnalogHil.Rpc.Client;

/// <summary>How a call ended.</summary>
internal sealed record CallEnd(Status Status, Metadata Trailers)
{
    /// <summary>The error of the call.</summary>
    public RpcException ToException() => new(Status, Trailers);
}
