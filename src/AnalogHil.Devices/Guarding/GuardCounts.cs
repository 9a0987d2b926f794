namespace AnalogHil.Devices.Guarding;

/// <summary>What a guard has seen since it was opened.</summary>
/// <param name="Executions">Executions that ended with a good reply.</param>
/// <param name="Retries">Calls repeated after a failure in passing.</param>
/// <param name="Timeouts">Replies that did not come in time.</param>
/// <param name="CorruptReplies">Replies that were damaged.</param>
/// <param name="Reads">Reads of the good replies.</param>
/// <param name="SaturatedReads">Of these, reads at the end of the converter's range.</param>
public readonly record struct GuardCounts(long Executions, long Retries, long Timeouts, long CorruptReplies, long Reads, long SaturatedReads);
