using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace AnalogHil.Cli.Commands;

/// <summary>--help: everything about the command that is asked about, a line about each of those under it.</summary>
/// <param name="whole">The parser's own, which shows whole descriptions everywhere.</param>
internal sealed class ShortHelp(HelpAction whole) : SynchronousCommandLineAction
{
    private static readonly string[] Ends = [". ", ": ", "; ", "\n\n"];

    /// <inheritdoc/>
    public override bool ClearsParseErrors => whole.ClearsParseErrors;

    /// <summary>Puts it in place of the parser's own.</summary>
    /// <param name="root">The root of all commands.</param>
    public static void AddTo(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ShortHelp((HelpAction)help.Action!);

        // Those of other systems would only lengthen what a shell offers for completion.
        help.Aliases.Clear();
        help.Aliases.Add("-h");
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        // The tree of commands is made anew for each command line, so that nothing else sees the short ones.
        foreach (Command command in parseResult.CommandResult.Command.Subcommands)
        {
            command.Description = FirstClause(command.Description ?? "");
        }

        return whole.Invoke(parseResult);
    }

    /// <summary>What a description says first, without its full stop.</summary>
    public static string FirstClause(string description)
    {
        string text = description.ReplaceLineEndings("\n");
        int end = Ends.Select(mark => text.IndexOf(mark, StringComparison.Ordinal)).Where(at => at > 0).DefaultIfEmpty(text.Length).Min();
        return text[..end].Replace('\n', ' ').TrimEnd('.', ' ');
    }
}
