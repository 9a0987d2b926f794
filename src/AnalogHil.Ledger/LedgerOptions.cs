using AnalogHil.Ledger.Storage;

namespace AnalogHil.Ledger;

/// <summary>Where a ledger lies and how it runs.</summary>
public sealed record LedgerOptions
{
    /// <summary>Its directory; created with mode 0700 if it is not there.</summary>
    public required string Directory { get; init; }

    /// <summary>The clock.</summary>
    /// <value><see cref="TimeProvider.System"/>.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long the replies to requests are kept, so that a repeated request gets the same one.</summary>
    /// <value>7 days.</value>
    public TimeSpan RepliesKept { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Sees every commit, for rehearsals of crashes; null: nobody does.</summary>
    /// <value>Null.</value>
    public ICommitWatcher? Commits { get; init; }
}
