namespace AnalogHil.Ledger.Journal;

/// <summary>What a read-back says about an intent.</summary>
public enum IntentOutcome
{
    /// <summary>The resource is as it was before: the change did not happen.</summary>
    Old,

    /// <summary>The change happened, all of it.</summary>
    New,

    /// <summary>Neither can be shown. Nothing else may change the resource until it is known.</summary>
    Unknown,
}
