using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Refit;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;

namespace AnalogHil.Calibration.Suite;

/// <summary>What a routine's reads say: plain data, the same from a fresh measurement and from a refit.</summary>
/// <param name="Routine">Name of the routine.</param>
/// <param name="Figures">Figures of the whole device.</param>
/// <param name="Maps">Figures of every column.</param>
/// <param name="Excluded">Columns left out, with reasons.</param>
/// <param name="Warnings">Doubts.</param>
public sealed record RoutineResult(
    string Routine, ImmutableArray<NamedFigure> Figures, ImmutableArray<ColumnMap> Maps, ImmutableArray<ExcludedColumn> Excluded,
        ImmutableArray<string> Warnings)
{
    /// <summary>Design corners; empty for routines other than the mix.</summary>
    public ImmutableArray<DesignRow> Design { get; init; } = [];

    /// <summary>Intervals against reads; empty for routines other than the mix.</summary>
    public ImmutableArray<LookRow> Looks { get; init; } = [];

    /// <summary>Averaging by design point: in time for the routine averaging, over columns for column-sigma; empty for others.</summary>
    public ImmutableArray<AveragingRow> Averaging { get; init; } = [];

    /// <summary>What an allocator of repeats may use; null for routines other than averaging.</summary>
    public CertifiedLaw? Certificate { get; init; }

    /// <summary>The certified law of each noise term; empty for routines other than averaging.</summary>
    public ImmutableDictionary<NoiseTerm, AveragingLaw> Laws { get; init; } = ImmutableDictionary<NoiseTerm, AveragingLaw>.Empty;

    /// <summary>Columns without a result.</summary>
    [JsonIgnore]
    public ImmutableArray<ColumnPlace> Unmeasured => [.. Excluded.Select(column => new ColumnPlace(column.Tile, column.Column)).Distinct()];

    /// <summary>This result with some columns measured again. Figures of the whole device stay: a few columns say little about them.</summary>
    /// <param name="newer">Result of the partial measurement.</param>
    /// <param name="places">Columns that were measured again.</param>
    public RoutineResult Renewed(RoutineResult newer, IReadOnlyCollection<ColumnPlace> places)
    {
        var again = places.ToHashSet();
        return this with
        {
            Maps = [.. Maps.Select(map => newer.Maps.FirstOrDefault(other => other.Name == map.Name) is { } other ? map.Renewed(other, again) : map)],
            Excluded =
            [
                .. Excluded.Where(column => !again.Contains(new(column.Tile, column.Column))),
                .. newer.Excluded.Where(column => again.Contains(new(column.Tile, column.Column))),
            ],
            Warnings = [.. Warnings.Union(newer.Warnings)],
        };
    }
}
