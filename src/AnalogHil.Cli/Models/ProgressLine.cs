namespace AnalogHil.Cli.Models;

/// <summary>One line of progress on standard error: it changes in place where a person watches, else it is written anew every while.</summary>
internal sealed class ProgressLine(Terminal terminal)
{
    private static readonly TimeSpan InteractiveSpacing = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan PlainSpacing = TimeSpan.FromSeconds(10);

    private TimeSpan _last;
    private int _width;

    /// <summary>Shows a line, unless the last one was written a moment ago.</summary>
    /// <param name="line">The line.</param>
    /// <param name="elapsed">Since the beginning.</param>
    public void Show(string line, TimeSpan elapsed)
    {
        if (elapsed - _last < (terminal.IsInteractive ? InteractiveSpacing : PlainSpacing))
        {
            return;
        }

        _last = elapsed;
        if (!terminal.IsInteractive)
        {
            terminal.Say(line);
            return;
        }

        terminal.Error.Write("\r" + line.PadRight(_width));
        _width = line.Length;
    }

    /// <summary>Takes the line away where a person watches: what follows begins where it stood.</summary>
    public void Clear()
    {
        if (terminal.IsInteractive)
        {
            terminal.Error.Write("\r" + "".PadRight(_width) + "\r");
            _width = 0;
        }
    }
}
