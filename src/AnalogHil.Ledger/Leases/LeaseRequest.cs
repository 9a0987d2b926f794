namespace AnalogHil.Ledger.Leases;

/// <summary>A wish for a lease.</summary>
/// <param name="Resource">What, e.g. "benches/crossbar".</param>
/// <param name="Holder">Who.</param>
/// <param name="Ttl">How long it is to hold without renewal: 1 s .. 1 h.</param>
/// <param name="RequestId">
/// Tells a repeated wish from a second one: while its lease holds, the same holder gets that lease again; null: each wish is its own.
/// </param>
public sealed record LeaseRequest(string Resource, string Holder, TimeSpan Ttl, string? RequestId = null)
{
    /// <summary>Shortest time without renewal.</summary>
    public static readonly TimeSpan ShortestTtl = TimeSpan.FromSeconds(1);

    /// <summary>Longest time without renewal.</summary>
    public static readonly TimeSpan LongestTtl = TimeSpan.FromHours(1);
}
