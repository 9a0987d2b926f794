namespace AnalogHil.Ledger.Leases;

/// <summary>Something happened to a lease.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When.</param>
/// <param name="Lease">The lease as it is then.</param>
/// <param name="Waiting">How many wait for the resource.</param>
/// <param name="Ending">How it ended; null while it holds.</param>
public sealed record LeaseEvent(LeaseEventKind Kind, DateTimeOffset At, Lease Lease, int Waiting, LeaseEnding? Ending = null)
{
    /// <summary>Earlier events that this watcher did not get because it read too slowly.</summary>
    public long Missed { get; init; }
}
