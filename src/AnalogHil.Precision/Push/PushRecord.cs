namespace AnalogHil.Precision.Push;

/// <summary>A plan that is in force on a device, as read back from it.</summary>
/// <param name="Hash">Hash of the settings in force.</param>
/// <param name="PreviousHash">Hash of those before.</param>
/// <param name="Blocks">Blocks whose redundancy was set and compared.</param>
public sealed record PushRecord(string Hash, string PreviousHash, int Blocks);
