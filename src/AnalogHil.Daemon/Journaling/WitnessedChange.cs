using AnalogHil.Devices.Contract;
using AnalogHil.Ledger.Journal;

namespace AnalogHil.Daemon.Journaling;

/// <summary>
/// What this process saw of a change that it made itself: the device's own word for the end of it. Where it saw none, the device is read back as after
/// a crash.
/// </summary>
internal sealed class WitnessedChange(IReconciler reconciler) : IReconciler
{
    private Resolution? _seen;

    /// <summary>Makes the change.</summary>
    /// <param name="change">Makes it, reads back and compares; returns what was found.</param>
    public async Task WatchAsync(Func<Task<Resolution>> change)
    {
        try
        {
            _seen = await change().ConfigureAwait(false);
        }
        catch (DeviceException refused) when (refused.Fault == DeviceFault.InvalidRequest || refused.ChangedNothing)
        {
            // What does not fit is refused before anything is written: that is the contract of every device.
            _seen = new Resolution(IntentOutcome.Old, $"the device refused it: {refused.Message}");
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<Resolution> ResolveAsync(Intent intent, CancellationToken cancellationToken) =>
        _seen is { } seen ? Task.FromResult(seen) : reconciler.ResolveAsync(intent, cancellationToken);
}
