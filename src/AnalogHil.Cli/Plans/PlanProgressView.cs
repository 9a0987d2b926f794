using AnalogHil.Cli.Views;
using AnalogHil.Precision;

namespace AnalogHil.Cli.Plans;

/// <summary>Progress of learning on standard error: one line that changes where a person watches, else a line every while.</summary>
internal sealed class PlanProgressView(Terminal terminal) : IProgress<PrecisionProgress>
{
    private static readonly TimeSpan InteractiveSpacing = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan PlainSpacing = TimeSpan.FromSeconds(10);

    private readonly long _start = terminal.Time.GetTimestamp();
    private TimeSpan _last = TimeSpan.MinValue;
    private PrecisionPhase? _phase;
    private int _width;

    /// <inheritdoc/>
    public void Report(PrecisionProgress value)
    {
        TimeSpan now = terminal.Time.GetElapsedTime(_start);
        bool due = _phase != value.Phase || now - _last >= (terminal.IsInteractive ? InteractiveSpacing : PlainSpacing);
        if (!due)
        {
            return;
        }

        (_last, _phase) = (now, value.Phase);
        string left = value.Remaining is { } remaining ? $", about {Wording.Time(remaining)} left in this step" : "";
        string line = $"{NameOf(value.Phase)}: {value.Message}{left}";
        if (!terminal.IsInteractive)
        {
            terminal.Say(line);
            return;
        }

        terminal.Error.Write("\r" + line.PadRight(_width));
        _width = line.Length;
    }

    /// <summary>Takes the changing line away.</summary>
    public void End()
    {
        if (terminal.IsInteractive && _width > 0)
        {
            terminal.Error.Write("\r" + "".PadRight(_width) + "\r");
        }
    }

    private static string NameOf(PrecisionPhase phase) => phase switch
    {
        PrecisionPhase.Uniform => "1/4 uniform",
        PrecisionPhase.Learning => "2/4 learn",
        PrecisionPhase.Search => "3/4 search",
        PrecisionPhase.Validation => "4/4 certify",
        _ => phase.ToString(),
    };
}
