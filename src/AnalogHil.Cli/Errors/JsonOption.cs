using System.CommandLine;

namespace AnalogHil.Cli.Errors;

/// <summary>The option --json, which every command has.</summary>
internal static class JsonOption
{
    /// <summary>Its name.</summary>
    public const string Name = "--json";

    /// <summary>The option of one command.</summary>
    /// <param name="prints">What it prints instead.</param>
    /// <param name="recursive">Whether it is that of the commands under it, too.</param>
    public static Option<bool> Create(string prints = "Print one JSON object on one line", bool recursive = false) =>
        new(Name) { Description = prints, Recursive = recursive };

    /// <summary>Whether it was given; also on a command line that is wrong otherwise.</summary>
    public static bool IsIn(ParseResult parsed) => parsed.Tokens.Any(token => token.Value == Name);
}
