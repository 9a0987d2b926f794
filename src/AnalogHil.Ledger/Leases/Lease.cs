using System.Globalization;

namespace AnalogHil.Ledger.Leases;

/// <summary>The right of one holder to change a resource until a time.</summary>
/// <param name="Resource">What, e.g. "benches/crossbar".</param>
/// <param name="Epoch">
/// Fencing epoch: higher than that of every earlier lease of this ledger, and not below the time of the grant, in
/// microseconds since 1970; see <see cref="EpochClock"/>.
/// </param>
/// <param name="Holder">Who.</param>
/// <param name="Ttl">How long it holds after the grant and after each renewal.</param>
/// <param name="Granted">When it was granted.</param>
/// <param name="Expires">When it ends unless it is renewed.</param>
public sealed record Lease(string Resource, long Epoch, string Holder, TimeSpan Ttl, DateTimeOffset Granted, DateTimeOffset Expires)
{
    /// <summary>Id of the request that it was granted to; null: none was given.</summary>
    public string? RequestId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Resource} epoch {Epoch} held by {Holder} until {Expires:u}");
}
