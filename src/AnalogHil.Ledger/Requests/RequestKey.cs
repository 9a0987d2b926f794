namespace AnalogHil.Ledger.Requests;

/// <summary>Names a request: ids of different callers do not meet.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Id">The caller's id, a UUID.</param>
public sealed record RequestKey(string Caller, string Id);
