namespace AnalogHil.Ledger.Journal;

/// <summary>Finds out by reading the resource back whether a change happened.</summary>
public interface IReconciler
{
    /// <summary>Reads back. An exception means <see cref="IntentOutcome.Unknown"/>, with its message as evidence.</summary>
    Task<Resolution> ResolveAsync(Intent intent, CancellationToken cancellationToken);
}
