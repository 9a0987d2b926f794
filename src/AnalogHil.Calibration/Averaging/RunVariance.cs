namespace AnalogHil.Calibration.Averaging;

/// <summary>Pooled variance of means of K about the mean of their run.</summary>
/// <param name="K">Reads in a mean.</param>
/// <param name="RunLength">n: means in a run, at least 2. Noise slower than K n reads is not in the variance.</param>
/// <param name="Variance">Square of the read's unit, the converter's own part taken off.</param>
/// <param name="Dof">Degrees of freedom worth.</param>
/// <param name="Samples">Means read.</param>
public sealed record RunVariance(int K, int RunLength, double Variance, double Dof, long Samples)
{
    // With fewer columns their scatter says little about the degrees of freedom.
    private const int FewestColumns = 8;

    /// <summary>
    /// Several K from one series of single reads in their order, each in long runs and in pairs: how much the spread grows with the run tells noise that is
    /// slower than a mean
    /// from noise that is the same in one mean and fresh in the next. Every figure has reads of its own, so that they are independent.
    /// </summary>
    /// <param name="reads">[vectors x columns] row-major, consecutive, identical inputs.</param>
    /// <param name="columns">Columns, each a series of its own.</param>
    /// <param name="repeats">The K wanted.</param>
    /// <param name="means">Means in a long run, even, at least 4; runs are means x K reads long.</param>
    /// <exception cref="ArgumentException">The series is too short for one run of every K, or the number of means is odd or below 4.</exception>
    public static IReadOnlyList<RunVariance> Of(ReadOnlySpan<float> reads, int columns, IReadOnlyList<int> repeats, int means = 16)
    {
        int vectors = reads.Length / columns;
        int runs = vectors / (2 * means * repeats.Sum());
        if (runs < 1 || means < 4 || means % 2 != 0)
        {
            throw new ArgumentException($"{vectors} reads are too few for runs of {means} means at K = {string.Join(", ", repeats)}; "
                + $"{2 * means * repeats.Sum()} are needed, and an even number of at least 4 means", nameof(reads));
        }

        var found = new List<RunVariance>();
        int first = 0;
        foreach (int k in repeats)
        {
            foreach (int length in (ReadOnlySpan<int>)[2, means])
            {
                double[] squares = new double[columns];
                int parts = runs * means / length;
                for (int run = 0; run < parts; run++, first += length * k)
                {
                    for (int c = 0; c < columns; c++)
                    {
                        squares[c] += RunSquares(reads, columns, c, first, k, length);
                    }
                }

                found.Add(Pooled(k, length, [.. squares.Select(sum => (sum, (double)parts * (length - 1)))], (long)runs * means * columns, 0));
            }
        }

        return found;
    }

    /// <summary>Columns pooled; the degrees of freedom follow from the scatter of the columns' variances, since slow noise, which the reads of a column
    /// share, leaves fewer than are counted.</summary>
    internal static RunVariance Pooled(int k, int means, IReadOnlyList<(double Squares, double Dof)> columns, long samples, double converter)
    {
        double nominal = columns.Sum(column => column.Dof);
        double variance = columns.Sum(column => column.Squares) / nominal;
        double dof = nominal;
        if (columns.Count >= FewestColumns && variance > 0)
        {
            double scatter = columns.Sum(column => Math.Pow(column.Squares - column.Dof * variance, 2))
                * columns.Count / (columns.Count - 1.0) / (nominal * nominal);

            dof = nominal / Math.Max(1, scatter / (2 * variance * variance / nominal));
        }

        return new(k, means, variance - converter, dof, samples);
    }

    private static double RunSquares(ReadOnlySpan<float> reads, int columns, int column, int first, int k, int means)
    {
        Span<double> values = means <= 256 ? stackalloc double[means] : new double[means];
        double mean = 0;
        for (int m = 0; m < means; m++)
        {
            double sum = 0;
            for (int i = 0; i < k; i++)
            {
                sum += reads[(first + m * k + i) * columns + column];
            }

            values[m] = sum / k;
            mean += values[m] / means;
        }

        double squares = 0;
        foreach (double value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return squares;
    }
}
