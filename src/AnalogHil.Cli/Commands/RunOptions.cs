namespace AnalogHil.Cli.Commands;

/// <summary>What `hil run` was asked for, as given; null where nothing was.</summary>
internal sealed record RunOptions(
    string? Bench,
    string? Model,
    string? Data,
    double? MaxDropPoints,
    ulong? Seed,
    string? Output,
    string? Resume,
    string? Server,
    bool Json,
    int? MaxImages,
    double? SigmaHalfWidthPercent)
{
    /// <summary>Whether to wait for a bench that is taken.</summary>
    public bool Wait { get; init; }

    /// <summary>Whether a digital correction is to be learned; false where it was not asked for.</summary>
    public bool Corrected { get; init; }
}
