using System.Collections.Immutable;
using AnalogHil.Calibration.Design;
using AnalogHil.Calibration.Reading;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Calibration.Phases;

/// <summary>
/// Offset of every column from dark reads, gain from known products of both signs (least squares with free intercept). Reads are averaged
/// on the way: K at its largest (at most 64), since the mean is all that is asked for.
/// </summary>
internal sealed class CorrectionPhase(ProbeReader reader, CalibrationOptions options, ImmutableArray<int> tiles)
{
    private const int LargestRepeats = 64;
    private const double LowestGain = 0.5;
    private const double HighestGain = 2;
    private readonly DeviceCapabilities _device = reader.Capabilities;

    /// <summary>Root mean square standard error of the offsets, dot-product units; known after <see cref="RunAsync"/>.</summary>
    public double OffsetStandardError { get; private set; }

    /// <summary>Root mean square standard error of the gains, from the scatter between patterns: read noise and static weight errors.</summary>
    public double GainStandardError { get; private set; }

    /// <summary>Measures every tile.</summary>
    public async Task<ReadoutCorrection> RunAsync(Action<string, double> report, CancellationToken cancellationToken)
    {
        ReadoutCorrection correction = ReadoutCorrection.None(_device.Tiles, _device.Columns);
        GainPatterns patterns = await FindPatternsAsync(cancellationToken).ConfigureAwait(false);
        await reader.ProgramAsync(tiles, patterns.Weights, cancellationToken).ConfigureAwait(false);
        int repeats = Math.Min(LargestRepeats, _device.MaxRepeats[options.Mode]);
        await reader.RepeatAsync(repeats, cancellationToken).ConfigureAwait(false);

        // At least 8 dark executions, so that the standard error itself is known.
        int dark = Math.Max(8, CeilingDivide(options.OffsetReads, repeats));
        int rounds = CeilingDivide(options.GainReads, repeats * patterns.Count);
        double offsetSquares = 0;
        double gainSquares = 0;
        for (int i = 0; i < tiles.Length; i++)
        {
            (long reads, long saturated) = (reader.Reads, reader.SaturatedReads);
            PatternMeans means = await ReadMeansAsync(tiles[i], new float[_device.Rows], 1, dark, cancellationToken).ConfigureAwait(false);
            SaturationLimit.Check($"tile {tiles[i]}, dark", reader.Reads - reads, reader.SaturatedReads - saturated, options.MaxSaturatedShare, _device);
            for (int c = 0; c < _device.Columns; c++)
            {
                correction.Offset[tiles[i]][c] = (float)means.Mean(0, c);
                offsetSquares += means.Variance(0, c) / dark;
            }

            report("offset", (i + 1.0) / tiles.Length);
        }

        for (int i = 0; i < tiles.Length; i++)
        {
            (long reads, long saturated) = (reader.Reads, reader.SaturatedReads);
            PatternMeans means = await ReadMeansAsync(tiles[i], patterns.Inputs, patterns.Count, rounds, cancellationToken).ConfigureAwait(false);
            SaturationLimit.Check($"tile {tiles[i]}, gain patterns", reader.Reads - reads, reader.SaturatedReads - saturated, options.MaxSaturatedShare,
                _device);
            for (int c = 0; c < _device.Columns; c++)
            {
                (double gain, double variance) = Slope(patterns, means, c);
                if (!(gain >= LowestGain && gain <= HighestGain))
                {
                    throw new CalibrationException(
                        CalibrationFault.DeadColumn,
                        $"tile {tiles[i]} column {c}: gain {gain:G4} is outside [{LowestGain}, {HighestGain}]; the column is stuck, "
                            + "badly wired or outside what a gain corrects. "
                        + "Calibration takes every column of the tiles that the network's map names, used or not: repair the column or, "
                        + "on a simulated bench, lower its gain spread");
                }

                correction.Gain[tiles[i]][c] = (float)gain;
                gainSquares += variance;
            }

            report("gain", (i + 1.0) / tiles.Length);
        }

        OffsetStandardError = Math.Sqrt(offsetSquares / ((double)tiles.Length * _device.Columns));
        GainStandardError = Math.Sqrt(gainSquares / ((double)tiles.Length * _device.Columns));
        return correction;
    }

    // Products at half the converter's range leave room for noise; where they do not, smaller ones are tried on one tile.
    private async Task<GainPatterns> FindPatternsAsync(CancellationToken cancellationToken)
    {
        double product = 0.5 * Math.Min(_device.AdcFullScale, _device.Rows);
        for (int attempt = 0; ; attempt++)
        {
            var patterns = new GainPatterns(_device, product, options.Seed);
            await reader.ProgramAsync([tiles[0]], patterns.Weights, cancellationToken).ConfigureAwait(false);
            (long reads, long saturated) = (reader.Reads, reader.SaturatedReads);
            await ReadMeansAsync(tiles[0], patterns.Inputs, patterns.Count, 4, cancellationToken).ConfigureAwait(false);
            (reads, saturated) = (reader.Reads - reads, reader.SaturatedReads - saturated);
            if (!SaturationLimit.Exceeded(reads, saturated, options.MaxSaturatedShare))
            {
                return patterns;
            }

            if (attempt == 3)
            {
                SaturationLimit.Check($"gain patterns with products of {product:G3}", reads, saturated, options.MaxSaturatedShare, _device);
            }

            product *= 0.6;
        }
    }

    private async Task<PatternMeans> ReadMeansAsync(int tile, float[] inputs, int count, int rounds, CancellationToken cancellationToken)
    {
        var means = new PatternMeans(count, _device.Columns);
        int vectors = count * rounds;
        int batch = Math.Min(vectors, _device.MaxVectors);
        float[] drive = new float[batch * _device.Rows];
        float[] outputs = new float[batch * _device.Columns];
        for (int first = 0; first < vectors; first += batch)
        {
            int size = Math.Min(batch, vectors - first);
            for (int v = 0; v < size; v++)
            {
                inputs.AsSpan((first + v) % count * _device.Rows, _device.Rows).CopyTo(drive.AsSpan(v * _device.Rows));
            }

            await reader.ReadAsync(tile, size, drive.AsMemory(0, size * _device.Rows), outputs.AsMemory(0, size * _device.Columns), cancellationToken)
                .ConfigureAwait(false);
            means.Add(outputs.AsSpan(0, size * _device.Columns), first);
        }

        return means;
    }

    /// <summary>Slope of read against product, and its variance from the scatter between pairs of patterns (a pair shares its static error).</summary>
    private static (double Slope, double Variance) Slope(GainPatterns patterns, PatternMeans means, int column)
    {
        int n = patterns.Count;
        double meanProduct = 0;
        double meanRead = 0;
        for (int i = 0; i < n; i++)
        {
            meanProduct += patterns.Expected(i, column) / n;
            meanRead += means.Mean(i, column) / n;
        }

        double squares = 0;
        double products = 0;
        for (int i = 0; i < n; i++)
        {
            double deviation = patterns.Expected(i, column) - meanProduct;
            squares += deviation * deviation;
            products += deviation * (means.Mean(i, column) - meanRead);
        }

        double slope = products / squares;
        double scatter = 0;
        for (int pair = 0; pair < n; pair += 2)
        {
            double score = 0;
            for (int i = pair; i < pair + 2; i++)
            {
                double deviation = patterns.Expected(i, column) - meanProduct;
                score += deviation * (means.Mean(i, column) - meanRead - slope * deviation);
            }

            scatter += score * score;
        }

        int pairs = n / 2;
        return (slope, scatter * pairs / (pairs - 1) / (squares * squares));
    }

    private static int CeilingDivide(int a, int b) => (a + b - 1) / b;
}
