using System.CommandLine;

namespace AnalogHil.Cli.Errors;

/// <summary>What is wrong with a command line, in words that name what to write instead.</summary>
internal static class UsageFaults
{
    /// <summary>One line for each fault; empty: a command is missing, and its help says which there are.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        Command at = parsed.CommandResult.Command;
        string[] unknown = [.. parsed.UnmatchedTokens.Distinct()];
        bool needsCommand = at.Action is null && at.Subcommands.Count > 0;
        if (needsCommand)
        {
            // Only the first word counts: what follows it belonged to the command that was meant.
            return unknown.Length == 0 ? [] : [Unknown(unknown[0], parsed)];
        }

        // What stands beside an unknown option may have been its value.
        bool option = unknown.Any(word => word.StartsWith('-'));
        return [
            .. unknown.Where(word => !option || word.StartsWith('-')).Select(word => Unknown(word, parsed)),
            .. parsed.Errors.Select(error => error.Message).Where(message => !unknown.Any(word => message.Contains($"'{word}'", StringComparison.Ordinal))),
        ];
    }

    /// <summary>The command as it is written, "hil device arm".</summary>
    public static string PathOf(ParseResult parsed)
    {
        var names = new List<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = parsed.CommandResult; at is System.CommandLine.Parsing.CommandResult command; at = at.Parent)
        {
            names.Add(command.Parent is null ? "hil" : command.Command.Name);
        }

        names.Reverse();
        return string.Join(' ', names);
    }

    private static string Unknown(string word, ParseResult parsed)
    {
        string path = PathOf(parsed);
        bool isOption = word.StartsWith('-');
        string name = isOption ? word.Split('=', ':')[0] : word;
        string meant = NearestName.Of(name, parsed.CommandResult) is { } near ? $"; did you mean {near}?" : "";
        string place = path == "hil" ? "" : $" in {path}";
        return isOption ? $"no option '{name}'{place}{meant}"
            : parsed.CommandResult.Command.Subcommands.Count > 0 ? $"no command '{name}'{place}{meant}"
            : $"one argument too many for {path}: '{word}'";
    }
}
