using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Design;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Calibration.Reading;

/// <summary>
/// Reads design points with identical vectors. Every point of a round is read on the same tiles, in equal parts: what is estimated from differences
/// between points must not contain differences between tiles. Rounds too short for all tiles go on where the last one ended.
/// </summary>
internal sealed class PointReader
{
    private const int SmallBatch = 32;
    private const int LargestBatch = 1024;

    // Batches grow with the reads that are wanted, but a point is never read in fewer calls than this.
    private const int FewestCalls = 16;

    // A call of n vectors spends one in n on its mean: fewer a tile waste reads.
    private const int FewestVectors = 4;
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
    private readonly Dictionary<string, long> _archived = [];
    private int[] _programmed = [];
    private int _programmedAmplitude = -1;
    private int _nextTile;

    public PointReader(
        ProbeReader reader, CalibrationOptions options, ImmutableArray<DesignPoint> points, ImmutableArray<int> tiles, ReadoutCorrection correction,
            IReadArchive archive)
    {
        _reader = reader;
        _options = options;
        _points = points;
        _tiles = tiles;
        _correction = correction;
        _archive = archive;
        int rows = reader.Capabilities.Rows;
        int columns = reader.Capabilities.Columns;
        Batch = Math.Min(SmallBatch, reader.Capabilities.MaxVectors);
        if (Batch < 2)
        {
            throw new CalibrationException(
                CalibrationFault.Unsupported, $"the device takes {Batch} vector a call; a spread needs at least 2: raise its MaxVectors");
        }

        int largest = Batch * Math.Max(1, Math.Min(LargestBatch, reader.Capabilities.MaxVectors) / Batch);
        _outputs = new float[largest * columns];
        _inputs = [.. points.Select(point => Filled(largest * rows, (float)point.InputAmplitude))];
        _weights = [new float[rows * columns], Alternating(rows, columns)];
    }

    /// <summary>Vectors in one call, in the smallest one.</summary>
    public int Batch { get; }

    /// <summary>Samples in the smallest call: vectors x columns.</summary>
    public int SamplesPerCall => Batch * _reader.Capabilities.Columns;

    /// <summary>Calls' worth of vectors that a point takes to be read on every tile.</summary>
    public int CallsForAllTiles => (FewestVectors * _tiles.Length + Batch - 1) / Batch;

    /// <summary>Physical columns read so far.</summary>
    public int ColumnsRead => _tilesRead.Count * _reader.Capabilities.Columns;

    /// <summary>Reads <paramref name="calls"/>[i] x <see cref="Batch"/> vectors at point i for each K, spread over the tiles of the round.</summary>
    /// <param name="series">Name of the archive's series for (point, K).</param>
    /// <param name="calls">One per point; 0 leaves a point out.</param>
    /// <param name="repeats">The K to read at.</param>
    /// <param name="spreads">Where the reads of (point, K index, tile) are added.</param>
    /// <param name="called">Told the vectors of every call after it.</param>
    /// <param name="cancellationToken">Honoured before every call.</param>
    public async Task ReadAsync(
        Func<DesignPoint, int, string> series,
        IReadOnlyList<int> calls,
        IReadOnlyList<int> repeats,
        Func<int, int, int, SpreadSum> spreads,
        Action<int> called,
        CancellationToken cancellationToken)
    {
        int[] tiles = NextTiles(calls.Where(n => n > 0).DefaultIfEmpty().Min() * Batch / FewestVectors);

        // Beginning with the weights that are programmed already spares every other programming.
        foreach (int amplitude in _programmedAmplitude == 1 ? (int[])[1, 0] : [0, 1])
        {
            int[] group = [.. Enumerable.Range(0, _points.Length).Where(i => _points[i].WeightAmplitude == amplitude && calls[i] > 0)];
            if (group.Length == 0)
            {
                continue;
            }

            await ProgramAsync(tiles, amplitude, cancellationToken).ConfigureAwait(false);
            for (int k = 0; k < repeats.Count; k++)
            {
                await _reader.RepeatAsync(repeats[k], cancellationToken).ConfigureAwait(false);
                foreach (int i in group)
                {
                    (long reads, long saturated) = (_reader.Reads, _reader.SaturatedReads);
                    string name = series(_points[i], repeats[k]);
                    long pairs = (long)calls[i] * Batch / 2;
                    int longest = Math.Clamp(calls[i] / FewestCalls, 1, _outputs.Length / SamplesPerCall) * Batch;
                    for (int t = 0; t < tiles.Length; t++)
                    {
                        int here = 2 * (int)((t + 1) * pairs / tiles.Length - t * pairs / tiles.Length);
                        int parts = (here + longest - 1) / longest;
                        for (int part = 0; part < parts; part++)
                        {
                            int size = (int)((part + 1L) * here / parts - (long)part * here / parts);
                            await ReadBatchAsync(i, tiles[t], size, name, repeats[k], spreads(i, k, tiles[t]), cancellationToken).ConfigureAwait(false);
                            called(size);
                        }
                    }

                    SaturationLimit.Check(
                        $"design point {_points[i].Name}", _reader.Reads - reads, _reader.SaturatedReads - saturated, _options.MaxSaturatedShare,
                            _reader.Capabilities);
                }
            }
        }
    }

    private async Task ProgramAsync(int[] tiles, int amplitude, CancellationToken cancellationToken)
    {
        if (amplitude != _programmedAmplitude || !tiles.AsSpan().SequenceEqual(_programmed))
        {
            await _reader.ProgramAsync(tiles, _weights[amplitude], cancellationToken).ConfigureAwait(false);
            (_programmed, _programmedAmplitude) = (tiles, amplitude);
        }
    }

    private async Task ReadBatchAsync(int point, int tile, int vectors, string series, int repeats, SpreadSum spread, CancellationToken cancellationToken)
    {
        int rows = _reader.Capabilities.Rows;
        long saturated = _reader.SaturatedReads;
        int columns = _reader.Capabilities.Columns;
        Memory<float> outputs = _outputs.AsMemory(0, vectors * columns);
        await _reader.ReadAsync(tile, vectors, _inputs[point].AsMemory(0, vectors * rows), outputs, cancellationToken).ConfigureAwait(false);
        spread.Add(outputs.Span, vectors, _correction.Gain[tile]);
        _tilesRead.Add(tile);

        int left = (int)Math.Min(vectors, (_options.ArchivedReads - _archived.GetValueOrDefault(series)) / columns);
        if (left > 0)
        {
            Span<float> kept = outputs.Span[..(left * columns)];
            if (_archive is IDescribedReadArchive described)
            {
                var description = new SeriesDescription(series, _points[point].Name, _points[point].Conditions(_reader.Capabilities), repeats, _options.Mode,
                    columns);
                described.Append(description, tile, kept, left, _reader.SaturatedReads - saturated);
            }
            else
            {
                _archive.Append(series, kept, left, columns);
            }

            _archived[series] = _archived.GetValueOrDefault(series) + (long)left * columns;
        }
    }

    // Every tile named here is read at every point of the round, so the cursor moves by what is read.
    private int[] NextTiles(int most)
    {
        int count = Math.Clamp(most, 1, _tiles.Length);
        int first = count == _tiles.Length ? 0 : _nextTile;
        _nextTile = (first + count) % _tiles.Length;
        return [.. Enumerable.Range(0, count).Select(i => _tiles[(first + i) % _tiles.Length])];
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
