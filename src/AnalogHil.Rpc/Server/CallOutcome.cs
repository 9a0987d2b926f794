using Grpc.Core;

namespace AnalogHil.Rpc.Server;

/// <summary>How a handler ended.</summary>
internal sealed record CallOutcome(Status Status, Metadata Trailers)
{
    /// <summary>The status of an exception, with its trailers after those that the handler had set.</summary>
    public static CallOutcome Of(RpcException exception, Metadata trailers)
    {
        var all = new Metadata();
        foreach (Metadata.Entry entry in trailers.Concat(exception.Trailers))
        {
            all.Add(entry);
        }

        return new CallOutcome(exception.Status, all);
    }
}
