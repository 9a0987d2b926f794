using Google.Protobuf;
using Grpc.Core;

namespace AnalogHil.Functional.Tests.Crashes;

/// <summary>A request that changes something, to be sent as often as a test wants.</summary>
/// <param name="What">Its method.</param>
/// <param name="Send">Sends it with its own request id.</param>
internal sealed record Sent(string What, Func<CallInvoker, Task<IMessage>> Send)
{
    /// <summary>Bytes of its reply; null: it did not come.</summary>
    public byte[]? Reply { get; set; }
}
