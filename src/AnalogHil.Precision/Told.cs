namespace AnalogHil.Precision;

/// <summary>Progress that is told at once, on the thread that reports it.</summary>
/// <param name="told">Told each time.</param>
internal sealed class Told<T>(Action<T> told) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => told(value);
}
