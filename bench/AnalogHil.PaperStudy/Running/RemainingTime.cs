namespace AnalogHil.PaperStudy.Running;

/// <summary>Guesses how long the open cells take from those of this run.</summary>
internal sealed class RemainingTime
{
    private readonly List<double> _seconds = [];

    public void Add(double seconds) => _seconds.Add(seconds);

    /// <summary>Cells and time left. Larger networks come last, so that the guess is a low one until they have begun.</summary>
    public string Describe(int open) => _seconds.Count == 0
        ? $"{open} cells open"
        : $"{open} cells open, {TimeSpan.FromSeconds(Math.Round(_seconds.TakeLast(6).Average() * open)):c} at the pace of the last ones";
}
