using AnalogHil.Ledger.Requests;
using Google.Protobuf;
using Grpc.Core;

namespace AnalogHil.Daemon.Enforcement;

/// <summary>Changes of the ledger alone that are kept together with the reply of their call.</summary>
internal static class RequestCommits
{
    /// <summary>Makes the change and keeps its reply in one commit; see <see cref="IRequestStore.Commit"/>.</summary>
    /// <param name="requests">Where replies are kept.</param>
    /// <param name="context">The call.</param>
    /// <param name="change">Makes the change; returns the reply.</param>
    public static TReply Commit<TReply>(this IRequestStore requests, ServerCallContext context, Func<TReply> change)
        where TReply : IMessage =>
        requests.Commit(context.RequestKey(), change, reply => new StoredReply(0, reply.ToByteArray()));
}
