namespace AnalogHil.Calibration.Reading;

/// <summary>
/// Pooled spread of repeated reads of the same vector, each column about its own mean of the call and corrected by its gain: fixed patterns, static
/// weight errors and drift from call to call drop out, what is left is noise.
/// </summary>
internal sealed class SpreadSum
{
    // Kurtosis within this many standard errors of 0 is taken for 0.
    private const double SignificantKurtosis = 3;
    private double _squares;
    private double _fourths;
    private double _fourthWeight;
    private double _squareWeight;
    private double _successive;
    private double _converterWeight;
    private double _scoreWeight;

    /// <summary>Reads (or means of K reads) added.</summary>
    public long Samples { get; private set; }

    /// <summary>Reads minus one for every mean estimated.</summary>
    public long Dof { get; private set; }

    /// <summary>Pooled variance, dot-product units squared.</summary>
    public double Variance => Dof > 0 ? _squares / Dof : 0;

    /// <summary>Mean of 1 / gain^2: what turns a variance at the converter into one of the product.</summary>
    public double ConverterGain => Dof > 0 ? _converterWeight / Dof : 1;

    /// <summary>Excess kurtosis of the pooled reads; 0 for Gaussian noise that is equal in all columns.</summary>
    /// <remarks>E[sum d^4] = (n-1)(n^2-3n+3)/n^2 mu4 + 3(n-1)(2n-3)/n^2 v^2 for n reads about their mean.</remarks>
    public double ExcessKurtosis => _squares > 0 ? (_fourths / (Variance * Variance) - _squareWeight) / _fourthWeight - 3 : 0;

    /// <summary>
    /// Degrees of freedom worth of <see cref="Variance"/>: its own variance is 2 v^2 / dof (1 + kurtosis / 2), so heavy tails and columns of unequal
    /// noise cost degrees of freedom. Kurtosis that is not significant (3 standard errors) changes nothing.
    /// </summary>
    public double EffectiveDof => ExcessKurtosis > SignificantKurtosis * Math.Sqrt(24.0 / Math.Max(1, Samples)) ? Dof / (1 + ExcessKurtosis / 2) : Dof;

    /// <summary>Mean square successive difference over twice the variance: 1 for independent reads (von Neumann 1941).</summary>
    public double VonNeumannRatio => _squares > 0 ? _successive / (2 * Dof) / Variance : 1;

    /// <summary>Variance of <see cref="VonNeumannRatio"/> under independence.</summary>
    public double VonNeumannVariance => Dof > 0 ? _scoreWeight / ((double)Dof * Dof) : 0;

    /// <summary>All of <paramref name="parts"/> together.</summary>
    public static SpreadSum Pooled(IEnumerable<SpreadSum> parts)
    {
        var all = new SpreadSum();
        foreach (SpreadSum part in parts)
        {
            all._squares += part._squares;
            all._fourths += part._fourths;
            all._fourthWeight += part._fourthWeight;
            all._squareWeight += part._squareWeight;
            all._successive += part._successive;
            all._converterWeight += part._converterWeight;
            all._scoreWeight += part._scoreWeight;
            all.Samples += part.Samples;
            all.Dof += part.Dof;
        }

        return all;
    }

    /// <summary>Adds one call's reads.</summary>
    /// <param name="reads">[vectors x gain.Length] row-major, identical inputs.</param>
    /// <param name="vectors">n, at least 2.</param>
    /// <param name="gain">Gain of each column.</param>
    public void Add(ReadOnlySpan<float> reads, int vectors, ReadOnlySpan<float> gain)
    {
        int columns = gain.Length;
        for (int c = 0; c < columns; c++)
        {
            double scale = 1 / (double)gain[c];
            double mean = Mean(reads, vectors, columns, c);
            double last = 0;
            for (int v = 0; v < vectors; v++)
            {
                double deviation = (reads[v * columns + c] - mean) * scale;
                double square = deviation * deviation;
                _squares += square;
                _fourths += square * square;
                _successive += v == 0 ? 0 : (deviation - last) * (deviation - last);
                last = deviation;
            }

            _converterWeight += (vectors - 1) * scale * scale;
        }

        double n = vectors;
        Samples += (long)vectors * columns;
        Dof += (long)(vectors - 1) * columns;
        _fourthWeight += columns * (n - 1) * (n * n - 3 * n + 3) / (n * n);
        _squareWeight += columns * 3 * (n - 1) * (2 * n - 3) / (n * n);

        // Difference of the two estimates of one column's variance: v^2 (n - 2) / (n - 1)^2, entering with weight (n - 1) / Dof.
        _scoreWeight += columns * (n - 2);
    }

    // About the first read, so that a constant column has a spread of exactly 0.
    private static double Mean(ReadOnlySpan<float> reads, int vectors, int columns, int column)
    {
        double origin = reads[column];
        double sum = 0;
        for (int v = 1; v < vectors; v++)
        {
            sum += reads[v * columns + column] - origin;
        }

        return origin + sum / vectors;
    }
}
