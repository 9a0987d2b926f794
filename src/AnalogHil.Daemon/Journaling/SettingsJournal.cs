using AnalogHil.Daemon.Sessions;
using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Requests;

namespace AnalogHil.Daemon.Journaling;

/// <summary>
/// Commits of settings, each written down before it is made and its outcome after it was read back: so that a daemon that died in between reads the
/// device back before anything else changes on it.
/// </summary>
internal sealed class SettingsJournal(IIntentJournal journal, SettingsReconciler reconciler)
{
    /// <summary>Kind of the intents.</summary>
    public const string Kind = "settings.commit";

    /// <summary>Settles what an earlier change of the bench left open, by reading the device back; does nothing where there is none.</summary>
    public Task SettleAsync(string bench) => journal.RecoverAsync(reconciler, bench, CancellationToken.None);

    /// <summary>Makes a commit.</summary>
    /// <param name="session">The device.</param>
    /// <param name="origin">Who makes it, for which request.</param>
    /// <param name="before">Hash of the settings in force.</param>
    /// <param name="wanted">Hash of the settings that it puts in force.</param>
    /// <param name="effect">The commit; what it throws flies when reading back shows that nothing changed.</param>
    /// <exception cref="Ledger.LedgerException">OutcomeUnknown: the device does not answer, or holds neither.</exception>
    public Task PerformAsync(DeviceSession session, (string Actor, RequestKey? Request) origin, string before, string wanted, Func<Task> effect)
    {
        DeviceFigures figures = session.Device.Figures;
        var draft = new IntentDraft(session.Path, figures.Epoch, Kind, origin.Actor, System.Text.Encoding.UTF8.GetBytes(figures.Identity?.BootId ?? ""))
        {
            OldHash = before,
            NewHash = wanted,
            Request = origin.Request,
        };
        return journal.PerformAsync(draft, effect, reconciler);
    }
}
