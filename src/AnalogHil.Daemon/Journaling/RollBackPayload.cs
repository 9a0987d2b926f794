using System.Text;

namespace AnalogHil.Daemon.Journaling;

/// <summary>
/// What is written down of a rollback whose settings are known only when they are read back: the device's power-up and, after a zero byte, the reply without
/// their hash. It is no reply that could be given as it stands; a read-back completes it.
/// </summary>
internal static class RollBackPayload
{
    /// <summary>Joins both.</summary>
    /// <param name="boot">Power-up of the device.</param>
    /// <param name="reply">The reply without a hash; null: the change serves no request.</param>
    public static byte[] Of(string boot, ReadOnlyMemory<byte>? reply) =>
        reply is { } bytes ? [.. Encoding.UTF8.GetBytes(boot), 0, .. bytes.Span] : Encoding.UTF8.GetBytes(boot);

    /// <summary>Takes a payload of any change of a device apart; all but such rollbacks hold the power-up only.</summary>
    public static (string Boot, ReadOnlyMemory<byte>? Reply) Split(ReadOnlyMemory<byte> payload)
    {
        int end = payload.Span.IndexOf((byte)0);
        return end < 0
            ? (Encoding.UTF8.GetString(payload.Span), default(ReadOnlyMemory<byte>?))
            : (Encoding.UTF8.GetString(payload.Span[..end]), payload[(end + 1)..]);
    }
}
