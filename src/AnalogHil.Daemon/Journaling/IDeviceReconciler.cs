using AnalogHil.Ledger.Journal;

namespace AnalogHil.Daemon.Journaling;

/// <summary>Reads devices back for certain kinds of change.</summary>
internal interface IDeviceReconciler : IReconciler
{
    /// <summary>Whether it can tell what became of such a change.</summary>
    /// <param name="kind">Kind of the intent.</param>
    bool Reads(string kind);
}
