namespace AnalogHil.Daemon.Campaign.Progress;

/// <summary>Hands progress on at once, in the caller's thread: events stay in their order and before the step's end.</summary>
internal sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => report(value);
}
