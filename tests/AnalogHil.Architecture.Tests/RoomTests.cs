using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AnalogHil.Architecture.Tests;

public sealed partial class RoomTests
{
    public static TheoryData<string> Rooms => [.. SourceTree.Rooms()];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_ProjectReferences_PointInwardOnly(string room)
    {
        Assert.True(RoomRules.MayReference.ContainsKey(room), $"{room} is not in the table of rooms; say there whom it may know");
        var project = XDocument.Load(Path.Combine(SourceTree.Root, "src", room, $"{room}.csproj"));
        string[] references = [.. project.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))];

        Assert.Empty(references.Except(RoomRules.MayReference[room]));
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_UsingDirectives_PointInwardOnly(string room)
    {
        List<string> offences = [];
        foreach (string file in SourceTree.SourcesOf(room))
        {
            foreach (Match match in QualifiedName().Matches(File.ReadAllText(file)))
            {
                string name = match.Value;
                // AnalogHil.Devices.Serial is a room beside AnalogHil.Devices, not within it.
                string? other = RoomRules.MayReference.Keys
                    .Where(known => name == known || name.StartsWith(known + ".", StringComparison.Ordinal))
                    .MaxBy(known => known.Length);
                if (other is null || other == room)
                {
                    continue;
                }

                bool open = RoomRules.MayReference[room].Contains(other);
                bool narrowed = RoomRules.OnlyThrough.TryGetValue((room, other), out string[]? doors);
                if (!open || (narrowed && !doors!.Any(door => name == door || name.StartsWith(door + ".", StringComparison.Ordinal))))
                {
                    offences.Add($"{Path.GetRelativePath(SourceTree.Root, file)}: {name}");
                }
            }
        }

        Assert.Empty(offences);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_Sources_NameNothingHiddenFromThem(string room)
    {
        if (!RoomRules.NeverNames.TryGetValue(room, out string[]? hidden))
        {
            return;
        }

        string[] offences = [.. SourceTree.SourcesOf(room)
            .SelectMany(file => hidden
                .Where(name => Regex.IsMatch(WithoutComments(File.ReadAllText(file)), $@"\b{name}\b"))
                .Select(name => $"{Path.GetRelativePath(SourceTree.Root, file)}: {name}"))];

        Assert.Empty(offences);
    }

    [Fact]
    public void EveryRoom_HasATestProjectOfItsName()
    {
        string[] missing = [.. SourceTree.Rooms()
            .Where(room => !File.Exists(Path.Combine(SourceTree.Root, "tests", $"{room}.Tests", $"{room}.Tests.csproj")))];

        Assert.Empty(missing);
    }

    [Fact]
    public void EveryProject_IsInTheSolution()
    {
        string solution = File.ReadAllText(Path.Combine(SourceTree.Root, "AnalogHil.sln")).Replace('\\', '/');
        string[] missing = [.. new[] { "src", "tests", "bench" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(SourceTree.Root, file).Replace('\\', '/'))
            .Where(file => !solution.Contains(file, StringComparison.Ordinal))];

        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("using AnalogHil.Precision.Search;", true)]
    [InlineData("// AnalogHil.Precision is far away", false)]
    public void TheRuleItself_SeesAForbiddenName(string line, bool seen) =>
        Assert.Equal(seen, QualifiedName().IsMatch(WithoutComments(line)));

    private static string WithoutComments(string source) => Comment().Replace(source, string.Empty);

    [GeneratedRegex(@"\bAnalogHil(\.[A-Z]\w*)+")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"//.*?$|/\*.*?\*/", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Comment();
}
