using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Link;

/// <summary>How a command ended.</summary>
/// <param name="Status">Status; all but ok bring a refusal as body.</param>
/// <param name="Body">Body of the reply.</param>
internal readonly record struct CommandReply(WireStatus Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>Why it was refused.</summary>
    public WireRefusal Refusal => Body.Length >= WireRefusal.Size ? WireRefusal.Read(Body.Span) : default;
}
