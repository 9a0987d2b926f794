using Spectre.Console;

namespace AnalogHil.Cli;

/// <summary>What a command talks to.</summary>
/// <param name="Output">Results.</param>
/// <param name="Error">Progress when the output is for machines, and errors.</param>
/// <param name="IsInteractive">Whether a person watches the output, so that it may change in place.</param>
/// <param name="CurrentDirectory">What relative paths refer to.</param>
/// <param name="ProgramDirectory">Where config/, models/ and data/ of the program are.</param>
/// <param name="Time">The clock.</param>
internal sealed record Terminal(
    TextWriter Output, TextWriter Error, bool IsInteractive, string CurrentDirectory, string ProgramDirectory, TimeProvider Time)
{
    /// <summary>Width of tables where there is no terminal to ask, characters.</summary>
    private const int PlainWidth = 140;

    /// <summary>The terminal, or the files and pipes, of this process.</summary>
    public static Terminal OfProcess() => new(
        Console.Out,
        Console.Error,
        !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
        Environment.CurrentDirectory,
        AppContext.BaseDirectory,
        TimeProvider.System);

    /// <summary>A line for the person. Never fails: the terminal may be closed, and what is under way matters more than the line.</summary>
    public void Say(string line)
    {
        try
        {
            Error.WriteLine(line);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // Nobody reads it any more, and there is no other place to say so.
        }
    }

    /// <summary>A Spectre console on the output: colours only for a person who has not set NO_COLOR.</summary>
    public IAnsiConsole CreateConsole()
    {
        bool colours = IsInteractive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = IsInteractive ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(Output),
        });
        if (!IsInteractive)
        {
            console.Profile.Width = PlainWidth;
        }

        return console;
    }
}
