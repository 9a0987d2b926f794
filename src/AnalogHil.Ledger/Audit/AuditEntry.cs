namespace AnalogHil.Ledger.Audit;

/// <summary>One thing that somebody did.</summary>
/// <param name="Sequence">From 1 up without gaps.</param>
/// <param name="At">When, milliseconds resolution.</param>
/// <param name="Actor">Who, e.g. "uid:1000".</param>
/// <param name="Action">What, e.g. "lease.break".</param>
/// <param name="Subject">To what, e.g. "benches/crossbar".</param>
/// <param name="Detail">More, JSON or plain text; may be empty.</param>
/// <param name="Hash">SHA-256 over this entry and the hash before it, lower-case hexadecimal.</param>
public sealed record AuditEntry(long Sequence, DateTimeOffset At, string Actor, string Action, string Subject, string Detail, string Hash);
