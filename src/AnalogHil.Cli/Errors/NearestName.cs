using System.CommandLine;
using System.CommandLine.Parsing;

namespace AnalogHil.Cli.Errors;

/// <summary>What somebody may have meant by a word that the command line does not know.</summary>
internal static class NearestName
{
    /// <summary>Name of a command or option that stands near; null: none does.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="at">Where on the command line: the last command that was known.</param>
    public static string? Of(string word, CommandResult at)
    {
        bool option = word.StartsWith('-');
        return (option ? OptionsOf(at) : at.Command.Subcommands.Where(command => !command.Hidden).SelectMany(Names))
            .Select(name => (Name: name, Distance: Distance(word, name)))
            .Where(near => near.Distance <= Math.Max(1, near.Name.TrimStart('-').Length / 3) || Begins(near.Name, word))
            .OrderBy(near => near.Distance)
            .ThenBy(near => near.Name, StringComparer.Ordinal)
            .Select(near => near.Name)
            .FirstOrDefault();
    }

    private static IEnumerable<string> OptionsOf(CommandResult at)
    {
        IEnumerable<string> names = at.Command.Options.Where(option => !option.Hidden).SelectMany(Names);
        for (SymbolResult? above = at.Parent; above is CommandResult command; above = above.Parent)
        {
            names = names.Concat(command.Command.Options.Where(option => option.Recursive && !option.Hidden).SelectMany(Names));
        }

        return names;
    }

    private static IEnumerable<string> Names(Command command) => [command.Name, .. command.Aliases];

    private static IEnumerable<string> Names(Option option) =>
        [option.Name, .. option.Aliases.Where(alias => alias.StartsWith("--", StringComparison.Ordinal))];

    private static bool Begins(string name, string word) =>
        word.TrimStart('-').Length >= 3 && name.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    // Damerau's distance between neighbours: letters left out, put in, changed, or two of them swapped.
    private static int Distance(string one, string other)
    {
        int[,] cost = new int[one.Length + 1, other.Length + 1];
        for (int i = 0; i <= one.Length; i++)
        {
            for (int j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                int change = one[i - 1] == other[j - 1] ? 0 : 1;
                cost[i, j] = Math.Min(Math.Min(cost[i - 1, j] + 1, cost[i, j - 1] + 1), cost[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[one.Length, other.Length];
    }
}
