using AnalogHil.Calibration.Suite;

namespace AnalogHil.Cli.Calibrations;

/// <summary>What the user gave; null where the default is meant.</summary>
internal sealed record CalibrateOptions
{
    /// <summary>Bench file or name.</summary>
    public string? Bench { get; init; }

    /// <summary>Names with commas, or "all".</summary>
    public string? Routines { get; init; }

    /// <summary>Such as "0-7,12".</summary>
    public string? Tiles { get; init; }

    /// <summary>Folder to go on with.</summary>
    public string? Resume { get; init; }

    /// <summary>Folder to write.</summary>
    public string? Output { get; init; }

    /// <summary>Directory of the kept calibrations.</summary>
    public string? Store { get; init; }

    /// <summary>Seed of simulated noise.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Whether it is put in use.</summary>
    public bool Activate { get; init; }

    /// <summary>Whether JSON is printed.</summary>
    public bool Json { get; init; }

    /// <summary>Targets.</summary>
    public required SuiteOptions Suite { get; init; }
}
