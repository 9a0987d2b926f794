namespace AnalogHil.Devices.Contract;

/// <summary>What the line to a device has seen since the device was opened, over all times that the line was opened again.</summary>
/// <param name="FramesIn">Good frames that came.</param>
/// <param name="FramesOut">Frames sent.</param>
/// <param name="Retransmissions">Of these, frames sent again because no receipt came.</param>
/// <param name="ChecksumErrors">Frames that came with a wrong checksum.</param>
/// <param name="DamagedFrames">Frames that came with broken stuffing or a wrong length.</param>
/// <param name="Resets">Times that the link was taken up anew after the first: the device or its line was lost.</param>
public readonly record struct LineCounts(long FramesIn, long FramesOut, long Retransmissions, long ChecksumErrors, long DamagedFrames, long Resets);
