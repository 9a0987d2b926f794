namespace AnalogHil.Ledger.Leases;

/// <summary>Somebody in the queue of a resource.</summary>
internal sealed class LeaseWaiter(LeaseRequest request)
{
    public LeaseRequest Request { get; } = request;

    public TaskCompletionSource<Lease> Grant { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
