namespace AnalogHil.Devices.Serial.Link;

/// <summary>A message until the other side has consumed it.</summary>
internal sealed class SentMessage(byte[] payload)
{
    /// <summary>What is sent.</summary>
    public byte[] Payload { get; } = payload;

    /// <summary>Times sent.</summary>
    public int Tries { get; set; }

    /// <summary>Whether the other side has it, though it may not have consumed it.</summary>
    public bool Delivered { get; set; }

    /// <summary>Whether something sent later has arrived, so that it is sent again without waiting.</summary>
    public bool Lost { get; set; }

    /// <summary>Position among everything that the channel ever sent.</summary>
    public long Order { get; set; }

    /// <summary>When it was given to the line last, microseconds.</summary>
    public long GivenAt { get; set; }

    /// <summary>When its last byte leaves by the line's rate, microseconds.</summary>
    public long SentAt { get; set; }
}
