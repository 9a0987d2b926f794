using AnalogHil.Precision.Methods;

namespace AnalogHil.PaperStudy.Running;

/// <summary>Tells on the calling thread, so that lines come in order.</summary>
internal sealed class DirectProgress(Action<MethodProgress> told) : IProgress<MethodProgress>
{
    /// <inheritdoc/>
    public void Report(MethodProgress value) => told(value);
}
