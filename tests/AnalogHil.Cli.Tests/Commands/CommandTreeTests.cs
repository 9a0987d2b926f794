using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Errors;

namespace AnalogHil.Cli.Tests.Commands;

/// <summary>Every command that there is, found in the tree of the parser: a new one must come with what scripts and people rely on.</summary>
public sealed partial class CommandTreeTests : IDisposable
{
    private static readonly string Guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "cli.md"));
    private readonly FakeTerminal _terminal = new();

    /// <summary>Commands that do something, by how they are written.</summary>
    public static TheoryData<string> Leaves()
    {
        using var terminal = new FakeTerminal();
        return [.. All(HilCommand.Create(terminal.Terminal), "hil").Where(found => found.Command.Action is not null).Select(found => found.Path)];
    }

    [Theory]
    [MemberData(nameof(Leaves))]
    public void Command_OfTheTree_HasJsonDescriptionsExampleAndDocumentedEnds(string path)
    {
        (Command command, Command[] above) = Find(path);

        IEnumerable<Option> options = command.Options.Concat(above.SelectMany(parent => parent.Options.Where(option => option.Recursive)));
        Assert.True(options.Any(option => option.Name == JsonOption.Name), $"{path} has no --json");
        Assert.False(string.IsNullOrWhiteSpace(command.Description), $"{path} has no description");
        Assert.All(command.Options, option => Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{path} {option.Name} has no description"));
        Assert.All(command.Arguments, argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), $"{path} {argument.Name} has no description"));

        Row row = Assert.Single(Rows(), row => row.Path == path);
        Assert.NotEmpty(row.Json);
        string[] documented = [.. ExitRow().Matches(Guide).Select(match => match.Groups[1].Value)];
        Assert.All(row.Ends, code => Assert.Contains(code, documented));
        string example = $"{path} ";
        Assert.True(
            Described(command, above).Contains(example, StringComparison.Ordinal) || Guide.Contains($"`{path}", StringComparison.Ordinal),
                $"{path} has no example and no row");
    }

    [Fact]
    public void Guide_ItsRowsAndCodes_AreThoseOfTheProgram()
    {
        string[] known = [.. All(HilCommand.Create(_terminal.Terminal), "hil").Select(found => found.Path)];

        Assert.All(Rows(), row => Assert.Contains(row.Path, known));
        Assert.Equal(
            Enum.GetValues<ExitCode>().Select(code => ((int)code).ToString(CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal),
            ExitRow().Matches(Guide).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Guide_ItsListOfCommands_NamesAllOfTheProgramAndNoOther()
    {
        RootCommand root = HilCommand.Create(_terminal.Terminal);
        string list = Guide[Guide.IndexOf("| command | what it does", StringComparison.Ordinal)..Guide.IndexOf("## Which daemon", StringComparison.Ordinal)];
        var named = new HashSet<string>();
        foreach (string[] words in ListedRow().Matches(list).Select(match => match.Groups["path"].Value.Split([' ', ',', '|'], StringSplitOptions.RemoveEmptyEntries)))
        {
            Command at = Assert.Single(root.Subcommands, command => command.Name == words[0]);
            named.Add(at.Name);
            foreach (string word in words.Skip(1).Where(word => at.Subcommands.Count > 0 && char.IsLower(word[0])))
            {
                Assert.Contains(word, at.Subcommands.Select(command => command.Name));
                named.Add($"{at.Name} {word}");
            }
        }

        Assert.Equal(All(root, "").Select(found => found.Path.Trim()).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Help_OfTheRoot_SaysEveryCommandInALine()
    {
        Assert.Equal(0, await HilCommand.InvokeAsync(["--help"], _terminal.Terminal));

        string help = _terminal.Output.ToString();
        Assert.DoesNotContain("hil lease release", help, StringComparison.Ordinal);
        Assert.Matches("  lease +Acquires, renews, gives back and watches the right to change a bench *\r?\n", help);
        Assert.InRange(help.Split('\n').Length, 20, 80);
    }

    [Theory]
    [InlineData("Runs one campaign: opens it.", "Runs one campaign")]
    [InlineData("Checks a file\nand says so. Then ends.", "Checks a file and says so")]
    [InlineData("Prints it.", "Prints it")]
    [InlineData("", "")]
    public void FirstClause_OfADescription_EndsAtItsFirstMark(string description, string expected) =>
        Assert.Equal(expected, ShortHelp.FirstClause(description));

    public void Dispose() => _terminal.Dispose();

    private static string Described(Command command, Command[] above) => string.Join('\n', above.Append(command).Select(one => one.Description));

    private static IEnumerable<(Command Command, string Path)> All(Command at, string path) =>
        at.Subcommands.SelectMany(command => All(command, $"{path} {command.Name}").Prepend((command, $"{path} {command.Name}")));

    private static IEnumerable<Row> Rows() =>
        CommandRow().Matches(Guide[Guide.IndexOf("## Every command", StringComparison.Ordinal)..]).Select(match => new Row(
        string.Join(' ', match.Groups["path"].Value.Split(' ').TakeWhile(word => word.All(letter => char.IsLower(letter) || letter == '-'))),
        match.Groups["json"].Value,
        match.Groups["ends"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));

    private (Command Command, Command[] Above) Find(string path)
    {
        Command at = HilCommand.Create(_terminal.Terminal);
        var above = new List<Command>();
        foreach (string name in path.Split(' ').Skip(1))
        {
            above.Add(at);
            at = at.Subcommands.Single(command => command.Name == name);
        }

        return (at, [.. above]);
    }

    [GeneratedRegex(@"^\| `(?<path>hil [^`]+)` \| (?<json>[^|]+) \| ?(?<ends>[^|]*) ?\|$", RegexOptions.Multiline)]
    private static partial Regex CommandRow();

    [GeneratedRegex(@"^\| `hil (?<path>[^`]+)`", RegexOptions.Multiline)]
    private static partial Regex ListedRow();

    [GeneratedRegex(@"^\| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex ExitRow();

    private sealed record Row(string Path, string Json, string[] Ends);
}
