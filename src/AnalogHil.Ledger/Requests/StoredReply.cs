namespace AnalogHil.Ledger.Requests;

/// <summary>What a request was answered with.</summary>
/// <param name="Code">Status code; 0: success.</param>
/// <param name="Body">The reply, or what tells of the failure.</param>
public sealed record StoredReply(int Code, ReadOnlyMemory<byte> Body);
