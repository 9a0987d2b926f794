namespace AnalogHil.Calibration.Reading;

/// <summary>
/// Pooled spread of repeated reads of the same vector, each column about its own mean and corrected by its gain: fixed patterns and static
/// weight errors drop out, what is left is noise.
/// </summary>
internal sealed class SpreadSum
{
    private double _squares;
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

    /// <summary>Mean square successive difference over twice the variance: 1 for independent reads (von Neumann 1941).</summary>
    public double VonNeumannRatio => _squares > 0 ? _successive / (2 * Dof) / Variance : 1;

    /// <summary>Variance of <see cref="VonNeumannRatio"/> under independence.</summary>
    public double VonNeumannVariance => Dof > 0 ? _scoreWeight / ((double)Dof * Dof) : 0;

    /// <summary>Adds one call's reads.</summary>
    /// <param name="reads">[vectors x gain.Length] row-major, identical inputs.</param>
    /// <param name="vectors">At least 2.</param>
    /// <param name="gain">Gain of each column.</param>
    public void Add(ReadOnlySpan<float> reads, int vectors, ReadOnlySpan<float> gain)
    {
        int columns = gain.Length;
        for (int c = 0; c < columns; c++)
        {
            double origin = reads[c];
            double sum = 0;
            double squares = 0;
            double successive = 0;
            double last = 0;
            for (int v = 1; v < vectors; v++)
            {
                double value = reads[v * columns + c] - origin;
                sum += value;
                squares += value * value;
                successive += (value - last) * (value - last);
                last = value;
            }

            double scale = 1 / ((double)gain[c] * gain[c]);
            _squares += (squares - sum * sum / vectors) * scale;
            _successive += successive * scale;
            _converterWeight += (vectors - 1) * scale;
        }

        Samples += (long)vectors * columns;
        Dof += (long)(vectors - 1) * columns;

        // Difference of the two estimates of one column's variance: v^2 (n - 2) / (n - 1)^2, entering with weight (n - 1) / Dof.
        _scoreWeight += columns * (double)(vectors - 2);
    }
}
