using AnalogHil.Precision.Methods;

namespace AnalogHil.PaperStudy.Running;

/// <summary>Tells on the calling thread, so that lines come in order; a line for each tenth.</summary>
internal sealed class DirectProgress(Action<string> told) : IProgress<MethodProgress>
{
    private double _last;

    /// <inheritdoc/>
    public void Report(MethodProgress value)
    {
        if (value.Fraction < _last || value.Fraction - _last >= 0.1)
        {
            _last = value.Fraction;
            told(value.Message);
        }
    }
}
