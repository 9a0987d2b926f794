namespace AnalogHil.Ledger.Storage;

/// <summary>One step of the schema.</summary>
/// <param name="Version">Schema after it, from 1 up without gaps.</param>
/// <param name="Sql">What it does.</param>
internal sealed record Migration(int Version, string Sql);
