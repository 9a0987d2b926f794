using AnalogHil.Ledger.Journal;

namespace AnalogHil.Daemon.Journaling;

/// <summary>Asks whoever can read back a kind of change.</summary>
internal sealed class ReconcilerByKind(IEnumerable<IDeviceReconciler> reconcilers) : IReconciler
{
    /// <inheritdoc/>
    public Task<Resolution> ResolveAsync(Intent intent, CancellationToken cancellationToken) =>
        reconcilers.FirstOrDefault(one => one.Reads(intent.Draft.Kind)) is { } reconciler
            ? reconciler.ResolveAsync(intent, cancellationToken)
            : Task.FromResult(new Resolution(IntentOutcome.Unknown, $"nothing in this program reads back a change of kind {intent.Draft.Kind}"));
}
