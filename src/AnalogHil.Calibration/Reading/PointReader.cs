using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Design;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Calibration.Reading;

/// <summary>Reads design points with identical vectors, going round the tiles so that none speaks for all longer than it must.</summary>
internal sealed class PointReader
{
    private const int LargestBatch = 32;
    private readonly ProbeReader _reader;
    private readonly CalibrationOptions _options;
    private readonly ReadoutCorrection _correction;
    private readonly IReadArchive _archive;
    private readonly ImmutableArray<DesignPoint> _points;
    private readonly ImmutableArray<int> _tiles;
    private readonly float[][] _inputs;
    private readonly float[][] _weights;
    private readonly float[] _outputs;
    private readonly HashSet<int> _tilesRead = [];
    private int _nextTile;

    public PointReader(
        ProbeReader reader, CalibrationOptions options, ImmutableArray<DesignPoint> points, ImmutableArray<int> tiles, ReadoutCorrection correction, IReadArchive archive)
    {
        _reader = reader;
        _options = options;
        _points = points;
        _tiles = tiles;
        _correction = correction;
        _archive = archive;
        int rows = reader.Capabilities.Rows;
        int columns = reader.Capabilities.Columns;
        Batch = Math.Min(LargestBatch, reader.Capabilities.MaxVectors);
        if (Batch < 2)
        {
            throw new CalibrationException(
                CalibrationFault.Unsupported, $"the device takes {Batch} vector a call; a spread needs at least 2: raise its MaxVectors");
        }

        _outputs = new float[Batch * columns];
        _inputs = [.. points.Select(point => Filled(Batch * rows, (float)point.InputAmplitude))];
        _weights = [new float[rows * columns], Alternating(rows, columns)];
    }

    /// <summary>Vectors in one call.</summary>
    public int Batch { get; }

    /// <summary>Samples in one call: vectors x columns.</summary>
    public int SamplesPerCall => Batch * _reader.Capabilities.Columns;

    /// <summary>Physical columns read so far.</summary>
    public int ColumnsRead => _tilesRead.Count * _reader.Capabilities.Columns;

    /// <summary>Makes <paramref name="calls"/>[i] calls at point i for each K and adds them to <paramref name="spreads"/>(i, K index).</summary>
    /// <param name="series">Name of the archive's series for (point, K).</param>
    /// <param name="calls">One per point; 0 leaves a point out.</param>
    /// <param name="repeats">The K to read at.</param>
    /// <param name="spreads">Where a call's reads are added.</param>
    /// <param name="called">Told after every call.</param>
    /// <param name="cancellationToken">Honoured before every call.</param>
    public async Task ReadAsync(
        Func<DesignPoint, int, string> series,
        IReadOnlyList<int> calls,
        IReadOnlyList<int> repeats,
        Func<int, int, SpreadSum> spreads,
        Action called,
        CancellationToken cancellationToken)
    {
        for (int amplitude = 0; amplitude < _weights.Length; amplitude++)
        {
            int[] group = [.. Enumerable.Range(0, _points.Length).Where(i => _points[i].WeightAmplitude == amplitude && calls[i] > 0)];
            if (group.Length == 0)
            {
                continue;
            }

            int[] tiles = NextTiles(group.Max(i => calls[i]));
            _tilesRead.UnionWith(tiles);
            await _reader.ProgramAsync(tiles, _weights[amplitude], cancellationToken).ConfigureAwait(false);
            for (int k = 0; k < repeats.Count; k++)
            {
                await _reader.RepeatAsync(repeats[k], cancellationToken).ConfigureAwait(false);
                foreach (int i in group)
                {
                    (long reads, long saturated) = (_reader.Reads, _reader.SaturatedReads);
                    for (int call = 0; call < calls[i]; call++)
                    {
                        int tile = tiles[call % tiles.Length];
                        await _reader.ReadAsync(tile, Batch, _inputs[i], _outputs, cancellationToken).ConfigureAwait(false);
                        _archive.Append(series(_points[i], repeats[k]), _outputs, Batch, _reader.Capabilities.Columns);
                        spreads(i, k).Add(_outputs, Batch, _correction.Gain[tile]);
                        called();
                    }

                    SaturationLimit.Check(
                        $"design point {_points[i].Name}", _reader.Reads - reads, _reader.SaturatedReads - saturated, _options.MaxSaturatedShare, _reader.Capabilities);
                }
            }
        }
    }

    private int[] NextTiles(int wanted)
    {
        int[] tiles = [.. Enumerable.Range(0, Math.Min(wanted, _tiles.Length)).Select(i => _tiles[(_nextTile + i) % _tiles.Length])];
        _nextTile = (_nextTile + tiles.Length) % _tiles.Length;
        return tiles;
    }

    private static float[] Filled(int length, float value)
    {
        float[] array = new float[length];
        array.AsSpan().Fill(value);
        return array;
    }

    // Signs alternate along the rows so that the product is 0, and from column to column so that no supply line carries one sign only.
    private static float[] Alternating(int rows, int columns)
    {
        float[] weights = new float[rows * columns];
        for (int row = 0; row < DesignPoint.PairedRows(rows); row++)
        {
            for (int c = 0; c < columns; c++)
            {
                weights[row * columns + c] = 1 - 2 * ((row + c) & 1);
            }
        }

        return weights;
    }
}
