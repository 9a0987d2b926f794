using System.CommandLine;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Files;

namespace AnalogHil.Cli.Lines;

/// <summary>Lines as the commands for them take them: terminals, and benches of serial devices.</summary>
internal static class LinkPlaces
{
    /// <summary>Rate of a terminal when none is given.</summary>
    public const int UsualBaud = 921_600;

    /// <summary>What a place may be.</summary>
    public const string Help = "terminal such as /dev/ttyUSB0, or bench of a serial device (file, or name of one that comes with the program)";

    /// <summary>The option for the rate of a terminal.</summary>
    public static Option<int?> Baud() => new("--baud")
    {
        Description = $"Rate of a terminal, 8N1 [default: {UsualBaud}]; a bench has its own",
        HelpName = "RATE",
        CustomParser = Numbers.Count(9600, "it is at least 9600; choose a standard rate"),
    };

    /// <summary>The terminal, or the absolute path of the bench file.</summary>
    /// <exception cref="CliException">There is no such bench.</exception>
    public static string Of(Terminal terminal, string given) => given.StartsWith("/dev/", StringComparison.Ordinal)
        ? given
        : new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory).Bench(given);
}
