using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Mix;
using AnalogHil.Calibration.Refit;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Quantised;

/// <summary>
/// Whether noise reaches over the converter's steps, measured with inputs that put every column at several places within a step, and the dither that repeats
/// would need.
/// </summary>
/// <param name="Sigma">Noise ahead of the converter.</param>
/// <param name="Bias">Largest error that a converter's steps leave in the mean of many undithered reads, dot-product units; interval from sigma's.</param>
/// <param name="Dither">Gaussian dither that brings the noise to half a step even at sigma's lower limit, rms, dot-product units; 0 when none is
/// needed.</param>
/// <param name="DeadZone">Null, or why sigma has no lower limit.</param>
public sealed record DitherStudy(QuantisedSigma Sigma, Estimate Bias, double Dither, string? DeadZone)
{
    private const string Name = "dither";

    /// <summary>Inputs that move the product through one converter step, under one programming.</summary>
    /// <param name="device">Rows and converters.</param>
    /// <param name="tiles">Tiles.</param>
    /// <param name="places">Places within a step.</param>
    /// <param name="vectors">Executions a place and tile.</param>
    /// <exception cref="CalibrationException">The converter is ideal, or the input converter's steps are too coarse to reach inside an output step.</exception>
    public static ImmutableArray<PlannedSeries> Plan(DeviceCapabilities device, ImmutableArray<int> tiles, int places = 8, int vectors = 128)
    {
        double step = device.QuantiserStep;
        if (step == 0)
        {
            throw new CalibrationException(CalibrationFault.Unsupported, "an ideal converter has no steps and no dead zone");
        }

        float[] weights = new float[device.Rows * device.Columns];
        for (int c = 0; c < device.Columns; c++)
        {
            weights[c] = c % 2 == 0 ? 1 : -1;
        }

        double grid = device.InputStep;
        float[] drives = [.. Enumerable.Range(0, places).Select(i => (float)Math.Min(1, grid == 0 ? step * i / places
            : Math.Round(step * i / places / grid) * grid))];
        if (drives.Distinct().Count() < Math.Min(places, 3))
        {
            throw new CalibrationException(
                CalibrationFault.Unsupported,
                $"the input converter's step of {grid:G3} reaches fewer than 3 places within the output converter's step of {step:G3}; "
                    + "use rows with smaller weights or dither outside the device");
        }

        return
        [
            .. drives.Distinct().Select((drive, i) =>
            {
                float[] inputs = new float[device.Rows];
                inputs[0] = drive;
                var conditions = new ProbeConditions(device.Rows, drive * drive, drive, 1, drive);
                return new PlannedSeries(new ProbePattern($"{Name}-{i:D3}", weights, inputs, conditions), tiles, vectors) { KeepsWeights = true };
            }),
        ];
    }

    /// <summary>Estimates from codes.</summary>
    /// <param name="archive">Reads of the plan.</param>
    /// <param name="confidence">Level of the interval.</param>
    /// <exception cref="ArgumentException">No such reads.</exception>
    public static DitherStudy Of(ArchivedReads archive, double confidence = 0.95)
    {
        double step = archive.Provenance.FullScale.QuantiserStep;

        // At very little noise every column may read one value: only what is no number or saturated is left out.
        HashSet<(int Tile, int Column)> left = ColumnCalls.Excluded(ReadScreening.Columns(archive).Where(column => column.Reason != ExclusionReason.Stuck));
        var columns = new SortedDictionary<(int Tile, int Column), SortedDictionary<(double Product, double Read), long>>();
        foreach (ArchivedSeries series in archive.Series.Where(series => series.Description.Point.StartsWith(Name + "-", StringComparison.Ordinal)))
        {
            foreach (ReadSegment segment in series.Segments)
            {
                ReadOnlySpan<float> values = series.Of(segment);
                for (int i = 0; i < values.Length; i++)
                {
                    (int Tile, int Column) place = (segment.Tile, i % series.Description.Columns);
                    if (left.Contains(place))
                    {
                        continue;
                    }

                    double product = archive.Correction.Gain[place.Tile][place.Column]
                        * (place.Column % 2 == 0 ? 1 : -1) * series.Description.Conditions.Product;
                    var counts = columns.GetValueOrDefault(place) ?? (columns[place] = []);
                    counts[(product, values[i])] = counts.GetValueOrDefault((product, values[i])) + 1;
                }
            }
        }

        QuantisedSigma sigma = ShiftedCodes.Fit(
            [.. columns.Values.Select(counts => new ShiftedCodes([.. counts.Select(pair => (pair.Key.Read - pair.Key.Product, pair.Value))], step))],
            step,
            confidence);
        Interval limits = sigma.Sigma.Interval;
        var bias = new Estimate(
            ConverterBias.Worst(step, sigma.Sigma.Value), new Interval(ConverterBias.Worst(step, limits.High), ConverterBias.Worst(step, limits.Low)),
            "dot product", sigma.Sigma.N, confidence);
        return new(sigma, bias, ConverterBias.DitherFor(step, limits.Low), sigma.DeadZone);
    }
}
