using System.Collections.Immutable;

namespace AnalogHil.Daemon.Records.Provenance;

/// <summary>Where the figures come from: enough to run the same again.</summary>
public sealed record ProvenanceRecord
{
    /// <summary>Seed of every random number that the campaign drew.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How often the campaign was resumed; together with the seed it sets the noise of a simulated device.</summary>
    public int Resumptions { get; init; }

    /// <summary>SHA-256 of the model file, lower-case hex.</summary>
    public string? ModelSha256 { get; init; }

    /// <summary>SHA-256 of the bench file, lower-case hex.</summary>
    public string? BenchSha256 { get; init; }

    /// <summary>SHA-256 over the data files, lower-case hex.</summary>
    public string? DataSha256 { get; init; }

    /// <summary>Commit of this program, or its version where that is not known.</summary>
    public required string Commit { get; init; }

    /// <summary>When the campaign started, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended, UTC; null while it runs and after a crash.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Version of this program.</summary>
    public string? Version { get; init; }

    /// <summary>Operating system, processor cores and runtime.</summary>
    public string? Machine { get; init; }

    /// <summary>Bench file, model file and data directory, as given.</summary>
    public InputFilesRecord? Inputs { get; init; }

    /// <summary>Time each step took, in order.</summary>
    public ImmutableArray<PhaseTimeRecord> Phases { get; init; } = [];

    /// <summary>Raw reads kept beside the record.</summary>
    public ImmutableArray<RawFileRecord> RawFiles { get; init; } = [];
}
