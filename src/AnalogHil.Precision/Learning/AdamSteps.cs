namespace AnalogHil.Precision.Learning;

/// <summary>Adam (Kingma and Ba 2015) with its usual decays, 0.9 and 0.999.</summary>
internal sealed class AdamSteps(int count, double rate)
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.999;
    private readonly double[] _first = new double[count];
    private readonly double[] _second = new double[count];
    private int _step;

    /// <summary>Moves values one step down a gradient.</summary>
    public void Step(ReadOnlySpan<double> gradient, Span<double> values)
    {
        _step++;
        for (int j = 0; j < values.Length; j++)
        {
            _first[j] = FirstDecay * _first[j] + (1 - FirstDecay) * gradient[j];
            _second[j] = SecondDecay * _second[j] + (1 - SecondDecay) * gradient[j] * gradient[j];
            double direction = _first[j] / (1 - Math.Pow(FirstDecay, _step));
            double scale = Math.Sqrt(_second[j] / (1 - Math.Pow(SecondDecay, _step))) + 1e-12;
            values[j] -= rate * direction / scale;
        }
    }
}
