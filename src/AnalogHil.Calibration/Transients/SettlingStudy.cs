using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Refit;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Transients;

/// <summary>
/// Whether the first reads of a call still follow the drive of the call before: means by place within calls that alternate between no drive and the largest
/// product. The contract cannot delay a read, so that only what lasts longer than the declared settling time is seen.
/// </summary>
/// <param name="Fit">Time counted from the first valid read as the device declares it.</param>
/// <param name="Calls">Calls pooled.</param>
public sealed record SettlingStudy(TransientFit Fit, int Calls)
{
    private const string Low = "settlelow";
    private const string High = "settlehigh";

    /// <summary>Alternating series, one call each, under one programming.</summary>
    /// <param name="device">Rows, signs, converter.</param>
    /// <param name="tile">Tile.</param>
    /// <param name="pairs">Pairs of calls.</param>
    /// <param name="vectors">Reads of a call, one after the other; they must fit one call.</param>
    public static ImmutableArray<PlannedSeries> Plan(DeviceCapabilities device, int tile, int pairs = 64, int vectors = 64)
    {
        ProbePattern product = ProbePattern.Corners(device).FirstOrDefault(corner => corner.Name == "product")
            ?? throw new CalibrationException(CalibrationFault.Unsupported, $"no product fits the converter's range of {device.AdcFullScale}; "
                + "settling cannot be told from noise");
        ProbePattern none = product with
        {
            Inputs = new float[device.Rows], Conditions = product.Conditions with { InputSquares = 0, InputMagnitudes = 0, Product = 0 },
        };
        return
        [
            .. Enumerable.Range(0, pairs).SelectMany(i => (ProbePattern[])[none with { Name = $"{Low}-{i:D4}" }, product with { Name = $"{High}-{i:D4}" }])
                .Select(pattern => new PlannedSeries(pattern, [tile], vectors) { KeepsWeights = true }),
        ];
    }

    /// <summary>Pools the calls.</summary>
    /// <param name="archive">Reads of the plan.</param>
    /// <param name="readSeconds">Time of one read, seconds.</param>
    /// <param name="tolerance">Deviation that counts as settled, dot-product units.</param>
    /// <param name="confidence">Level of the intervals.</param>
    /// <exception cref="ArgumentException">No such reads.</exception>
    public static SettlingStudy Of(ArchivedReads archive, double readSeconds, double tolerance, double confidence = 0.95)
    {
        HashSet<(int Tile, int Column)> left = ColumnCalls.Excluded(ReadScreening.Columns(archive));
        ArchivedSeries[] calls = [.. archive.Series.Where(s => s.Description.Point.StartsWith("settle", StringComparison.Ordinal))];

        // The very first call follows whatever was driven before the routine.
        calls = [.. calls.OrderBy(series => series.Segments[0].Sequence).Skip(1)];
        if (calls.Length < 2)
        {
            throw new ArgumentException("the archive has no alternating calls; acquire a settling plan of several pairs", nameof(archive));
        }

        int vectors = calls.Min(series => series.Segments[0].Vectors);
        double[] means = new double[vectors];
        double squares = 0;
        double dof = 0;
        long reads = 0;
        foreach (ArchivedSeries series in calls)
        {
            ReadSegment segment = series.Segments[0];
            int columns = series.Description.Columns;
            ReadOnlySpan<float> values = series.Of(segment);
            double direction = series.Description.Point.StartsWith(High, StringComparison.Ordinal) ? 1 : -1;
            for (int c = 0; c < columns; c++)
            {
                if (left.Contains((segment.Tile, c)))
                {
                    continue;
                }

                double sign = direction * (c % 2 == 0 ? 1 : -1);
                double mean = 0;
                for (int v = 0; v < vectors; v++)
                {
                    mean += values[v * columns + c] / (double)vectors;
                }

                for (int v = 0; v < vectors; v++)
                {
                    double deviation = values[v * columns + c] - mean;
                    means[v] += sign * deviation;
                    squares += deviation * deviation;
                }

                dof += vectors - 1;
                reads++;
            }
        }

        if (reads == 0 || squares == 0)
        {
            throw new ArgumentException("no noisy usable column is left in the settling calls; mend the columns named by the screening", nameof(archive));
        }

        TransientPoint[] points = [.. means.Select((sum, v) => new TransientPoint(v * readSeconds, sum / reads, squares / dof / reads, reads))];
        return new(TransientFit.Of(points, tolerance, confidence), calls.Length);
    }
}
