using System.Collections.Immutable;
using AnalogHil.Calibration.Suite;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>A calibration with everything its figures depend on: calibration.json.</summary>
public sealed record CalibrationDocument
{
    /// <summary>Version of the layout; a reader refuses others.</summary>
    public const string CurrentSchema = "analoghil.calibration/1";

    /// <summary>Version of the layout of this document.</summary>
    public string Schema { get; init; } = CurrentSchema;

    /// <summary>Unique, "calibrations/...".</summary>
    public required string Id { get; init; }

    /// <summary>Whether every routine asked for has a valid result.</summary>
    public required bool Whole { get; init; }

    /// <summary>Who answered.</summary>
    public required DeviceIdentity Device { get; init; }

    /// <summary>Name of the bench.</summary>
    public required string Bench { get; init; }

    /// <summary>Bench file.</summary>
    public required string BenchFile { get; init; }

    /// <summary>SHA-256 of the bench file, lower-case hexadecimal.</summary>
    public required string BenchSha256 { get; init; }

    /// <summary>Whether a simulation answered instead of hardware.</summary>
    public required bool Simulated { get; init; }

    /// <summary>"cells" or "lumped" for a simulated device, "hardware" else.</summary>
    public required string Tier { get; init; }

    /// <summary>Spans that sigmas refer to.</summary>
    public required DeviceFullScale FullScale { get; init; }

    /// <summary>Columns of a tile.</summary>
    public required int Columns { get; init; }

    /// <summary>Tiles of the device.</summary>
    public required int DeviceTiles { get; init; }

    /// <summary>Tiles that were read.</summary>
    public required ImmutableArray<int> Tiles { get; init; }

    /// <summary>What was asked for.</summary>
    public required SuiteOptions Asked { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public required DateTimeOffset Finished { get; init; }

    /// <summary>Until when it holds: until the first of its routines expires.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>Seed of the noise of a simulated device.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How often it was stopped and gone on with.</summary>
    public int Resumptions { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string MadeBy { get; init; }

    /// <summary>Version and commit of the program.</summary>
    public required string Program { get; init; }

    /// <summary>Runtime, operating system, processors.</summary>
    public required string Machine { get; init; }

    /// <summary>Folder of its reads.</summary>
    public required string Folder { get; init; }

    /// <summary>SHA-256 over the files of reads, in order of their names.</summary>
    public required string ReadsSha256 { get; init; }

    /// <summary>What was done about each routine, in order.</summary>
    public required ImmutableArray<RoutineRow> Routines { get; init; }

    /// <summary>Results by routine.</summary>
    public required ImmutableDictionary<string, RoutineResult> Results { get; init; }

    /// <summary>What concerns the whole.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>What the figures take for granted.</summary>
    public ImmutableArray<string> Assumptions { get; init; } = [];

    /// <summary>Every figure of every routine, in order of the routines.</summary>
    public IEnumerable<NamedFigure> Figures() => Ordered().SelectMany(result => result.Figures);

    /// <summary>Every map of every routine.</summary>
    public IEnumerable<ColumnMap> Maps() => Ordered().SelectMany(result => result.Maps);

    /// <summary>Results in order of the routines.</summary>
    public IEnumerable<RoutineResult> Ordered() => Routines.Where(row => Results.ContainsKey(row.Name)).Select(row => Results[row.Name]);
}
