namespace AnalogHil.Ledger.Records;

/// <summary>A kept document.</summary>
/// <param name="Kind">Sort, e.g. "plan", "deployment", "model".</param>
/// <param name="Id">Unique within its kind.</param>
/// <param name="Revision">1 when it was put first, one more at each change: the etag.</param>
/// <param name="Document">JSON.</param>
/// <param name="Hash">SHA-256 of the document's UTF-8 bytes, lower-case hexadecimal.</param>
/// <param name="Created">When it was put first.</param>
/// <param name="Updated">When it was changed last.</param>
public sealed record RecordEntry(string Kind, string Id, long Revision, string Document, string Hash, DateTimeOffset Created, DateTimeOffset Updated);
