using Google.Protobuf;

namespace AnalogHil.Rpc.Tests.Hosting;

/// <summary>The unary method that damaged requests are sent to.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Message">A message that it answers with OK.</param>
/// <param name="MessageThatReadsHeaders">One on which it reads its metadata too; null when there is none.</param>
/// <param name="IsMessage">Whether bytes are a message of its.</param>
internal sealed record MalformedTarget(string Path, byte[] Message, byte[]? MessageThatReadsHeaders, Func<byte[], bool> IsMessage)
{
    /// <summary>A method by the parser of its requests.</summary>
    public static MalformedTarget Of<T>(string path, T message, T? messageThatReadsHeaders, MessageParser<T> parser)
        where T : class, IMessage<T> => new(path, message.ToByteArray(), messageThatReadsHeaders?.ToByteArray(), bytes =>
    {
        try
        {
            parser.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    });
}
