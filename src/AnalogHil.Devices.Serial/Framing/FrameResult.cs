namespace AnalogHil.Devices.Serial.Framing;

/// <summary>What became of the bytes between two zeros.</summary>
internal enum FrameResult
{
    /// <summary>A frame.</summary>
    Good,

    /// <summary>Broken stuffing.</summary>
    Stuffing,

    /// <summary>Too short, too long, or not as long as it says.</summary>
    Length,

    /// <summary>Wrong checksum.</summary>
    Checksum,
}
