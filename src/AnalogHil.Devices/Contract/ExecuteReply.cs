namespace AnalogHil.Devices.Contract;

/// <summary>What came back beside the values.</summary>
/// <param name="Reads">Conversions or accumulations made: vectors x columns x K x copies.</param>
/// <param name="SaturatedReads">How many of them hit the end of the converter's range; where K accumulations are converted once, a clipped conversion counts for all K, so that the share is that of the conversions.</param>
/// <param name="DeviceTime">Time on the device's own clock.</param>
/// <param name="Checksum">CRC-32C of the outputs as little-endian floats, computed on the device.</param>
public readonly record struct ExecuteReply(long Reads, long SaturatedReads, TimeSpan DeviceTime, uint Checksum);
