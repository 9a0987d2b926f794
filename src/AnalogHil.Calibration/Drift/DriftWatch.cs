using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Refit;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Drift;

/// <summary>
/// Watches every tile of a device at every design point of its calibration by short probes. The columns and variances compared with are those of the
/// calibration's archive, in calls cut to a probe's length; the average run length asked for is that of all charts together.
/// </summary>
public sealed class DriftWatch
{
    private readonly DriftWatchOptions _options;
    private readonly ImmutableArray<ProbePattern> _patterns;
    private readonly ImmutableArray<int> _tiles;
    private readonly HashSet<(int Tile, int Column)> _excluded;
    private readonly Dictionary<(int Tile, string Point), VarianceCusum> _charts = [];
    private readonly List<ProbeScatter> _scatter = [];

    /// <summary>Sets the watch up.</summary>
    /// <param name="reference">Reads of the calibration.</param>
    /// <param name="patterns">Design points to probe; each is in the archive.</param>
    /// <param name="tiles">Tiles to probe.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">A point or tile has no reference reads of two usable vectors.</exception>
    public DriftWatch(ArchivedReads reference, IReadOnlyList<ProbePattern> patterns, ImmutableArray<int> tiles, DriftWatchOptions? options = null)
    {
        _options = options ?? new DriftWatchOptions();
        _patterns = [.. patterns];
        _tiles = tiles;
        _excluded = ColumnCalls.Excluded(ReadScreening.Columns(reference));
        var alike = new Dictionary<(double Dof, double Reference), VarianceCusum>();
        int charts = patterns.Count * tiles.Length;
        foreach (ProbePattern pattern in patterns)
        {
            SortedDictionary<int, (double[] Columns, long Dof)> found = Variances(reference, pattern.Name);
            Dictionary<int, ProbeScatter> scatter = Scatters(reference, pattern.Name, found);
            foreach (int tile in tiles)
            {
                if (!found.TryGetValue(tile, out (double[] Columns, long Dof) own) || own.Columns.Sum() == 0)
                {
                    throw new ArgumentException(
                        $"tile {tile} has no noisy reads at {pattern.Name} in the calibration's archive; watch what was calibrated", nameof(reference));
                }

                // Columns of unequal noise are worth fewer degrees of freedom (Satterthwaite), and so are reads that hang together.
                double[] columns = own.Columns;
                double each = columns.Sum() * columns.Sum() / columns.Sum(v => v * v) / scatter[tile].Factor;
                double dof = Math.Max(2, Rounded((_options.Vectors - 1) * each));
                double variance = columns.Average();
                double calibrated = Math.Max(10, each * own.Dof);
                _scatter.Add(scatter[tile]);
                double rounded = Rounded(calibrated);
                VarianceCusum first = alike.GetValueOrDefault((dof, rounded))
                    ?? (alike[(dof, rounded)] = new VarianceCusum(variance, dof, _options.Step, _options.RunLength * charts, Math.Max(10, rounded)));
                _charts[(tile, pattern.Name)] = first.Alike(variance);
            }
        }
    }

    /// <summary>Probes since the watch began.</summary>
    public int Probes { get; private set; }

    /// <summary>How the probes of each tile and point scatter, as the reference shows it.</summary>
    public IReadOnlyList<ProbeScatter> Scatter => _scatter;

    /// <summary>What the charts have gathered so far, in order of tile and point.</summary>
    public DriftEvidence Evidence => new(
        Probes,
        [
            .. _charts.OrderBy(chart => chart.Key.Tile).ThenBy(chart => chart.Key.Point, StringComparer.Ordinal)
                .Select(chart => new ChartEvidence(chart.Key.Tile, chart.Key.Point, chart.Value.Rise, chart.Value.Fall, chart.Value.Probes)),
        ]);

    /// <summary>Goes on with what another watch over the same reads gathered.</summary>
    /// <returns>Whether it did: false, and nothing is taken over, when the tiles and points are others.</returns>
    public bool TryRestore(DriftEvidence evidence)
    {
        if (evidence.Charts.Length != _charts.Count || evidence.Charts.Any(chart => !_charts.ContainsKey((chart.Tile, chart.Point))))
        {
            return false;
        }

        foreach (ChartEvidence chart in evidence.Charts)
        {
            _charts[(chart.Tile, chart.Point)].Restore(chart.Rise, chart.Fall, chart.Probes);
        }

        Probes = evidence.Probes;
        return true;
    }

    /// <summary>Reads every point of every tile once and weighs them.</summary>
    /// <param name="device">Opened and armed; its programmed weights are replaced.</param>
    /// <param name="cancellationToken">Honoured before every call.</param>
    /// <exception cref="DeviceException">The device rebooted, disconnected or contradicts itself.</exception>
    public async Task<DriftProbe> ProbeAsync(IAnalogDevice device, CancellationToken cancellationToken)
    {
        ArchiveProvenance provenance = await ArchiveProvenance.OfAsync(device, "drift-watch", TimeProvider.System, cancellationToken).ConfigureAwait(false);
        var archive = new RecordingArchive(provenance);
        var acquirer = new Acquirer(device, new AcquisitionOptions { VectorsPerCall = _options.Vectors }, archive);
        PlannedSeries[] plan = [.. _patterns.Select(pattern => new PlannedSeries(pattern, _tiles, _options.Vectors))];
        IReadOnlyList<TileFault> faults = await acquirer.RunAsync(plan, null, cancellationToken).ConfigureAwait(false);
        ArchivedReads reads = archive.Reads();
        var alarms = ImmutableArray.CreateBuilder<DriftAlarm>();
        foreach (ProbePattern pattern in _patterns)
        {
            foreach ((int tile, (double[] columns, _)) in Variances(reads, pattern.Name))
            {
                VarianceCusum chart = _charts[(tile, pattern.Name)];
                if (chart.Add(columns.Average()))
                {
                    alarms.Add(new DriftAlarm(tile, pattern.Name, chart.Rise >= chart.Fall, Math.Max(chart.Rise, chart.Fall), chart.Threshold));
                }
            }
        }

        Probes++;
        double calls = reads.Series.Sum(series => series.Segments.Length);
        double seconds = calls * device.Capabilities.SettlingTime.TotalSeconds + calls * _options.Vectors * device.Capabilities.ReadTimeNanoseconds * 1e-9;
        return new(alarms.ToImmutable(), acquirer.Reads, seconds, [.. faults]);
    }

    private Dictionary<int, ProbeScatter> Scatters(
        ArchivedReads reads, string point, SortedDictionary<int, (double[] Columns, long Dof)> found) =>
        reads.Series.FirstOrDefault(s => s.Description.Point == point && s.Description.Repeats == 1) is { } series
            ? ScatterStudy.Of(point, ProbeLengths.Cut(series, _options.Vectors), _excluded, found.ToDictionary(tile => tile.Key, tile => tile.Value.Columns))
            : [];

    // Down to steps of 6 %: charts that hardly differ share one threshold, and fewer degrees of freedom than there are raise no false alarms.
    private static double Rounded(double dof) => Math.Floor(Math.Pow(10, Math.Floor(40 * Math.Log10(dof) + 1e-9) / 40));

    // Variance of every column about its calls' means, and the degrees of freedom of one column.
    private SortedDictionary<int, (double[] Columns, long Dof)> Variances(ArchivedReads reads, string point)
    {
        var found = new SortedDictionary<int, (double[] Columns, long Dof)>();
        ArchivedSeries? series = reads.Series.FirstOrDefault(s => s.Description.Point == point && s.Description.Repeats == 1);
        if (series is not null)
        {
            foreach (var tile in ColumnCalls.Of(ProbeLengths.Cut(series, _options.Vectors), _excluded).GroupBy(pair => pair.Key.Tile))
            {
                (double Squares, long Dof)[] own = [.. tile.Select(pair => ColumnCalls.Pooled(pair.Value)).Select(pooled => (pooled.Squares, pooled.Dof))];
                if (own.All(column => column.Dof > 0))
                {
                    found[tile.Key] = ([.. own.Select(column => column.Squares / column.Dof)], own.Min(column => column.Dof));
                }
            }
        }

        return found;
    }
}
