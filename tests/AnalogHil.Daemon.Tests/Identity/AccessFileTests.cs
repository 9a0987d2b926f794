using System.Runtime.Versioning;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Identity;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Identity;

[UnsupportedOSPlatform("windows")]
public sealed class AccessFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_AllKindsOfCallers_GivesTheirRoles()
    {
        (string token, AccessToken kept) = AccessToken.Create("ci", Role.Operator);
        AccessRules rules = Read($$"""
            {"users": {"1234": "operator"}, "groups": {"77": "viewer"}, "certificates": {"bench-ci": "admin"}, "tokens": [{{AccessFile.LineOf(kept)}}]}
            """);

        Assert.Equal(Role.Operator, rules.OfUser(1234, 77));
        Assert.Equal(Role.Viewer, rules.OfUser(1235, 77));
        Assert.Equal(Role.Unspecified, rules.OfUser(1235, 78));
        Assert.Equal(Role.Admin, rules.OfUser(OwnUser.Id, 78));
        Assert.Equal(Role.Admin, rules.Certificates["bench-ci"]);
        Assert.Equal(("ci", Role.Operator), (rules.OfToken(token)!.Name, rules.OfToken(token)!.Role));
        Assert.Null(rules.OfToken(token + "0"));
        Assert.DoesNotContain(token, File.ReadAllText(_directory["access.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManyMistakes_NamesEach()
    {
        string message = Assert.Throws<CampaignException>(() => Read("""
            {"users": {"root": "admin", "7": "boss"}, "tokens": [{"name": "a", "sha256": "beef", "role": "viewer"}]}
            """)).Message;

        Assert.Contains("'root' is not a number", message, StringComparison.Ordinal);
        Assert.Contains("'boss' is no role", message, StringComparison.Ordinal);
        Assert.Contains("tokens[0].sha256", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_ToAFileThatIsNotThere_ThenASecond_KeepsBoth()
    {
        string file = _directory["new.json"];
        (string first, AccessToken a) = AccessToken.Create("a", Role.Viewer);
        (string second, AccessToken b) = AccessToken.Create("b", Role.Admin);

        AccessFile.Add(file, a);
        AccessFile.Add(file, b);
        AccessRules rules = AccessFile.Read(file);

        Assert.Equal((Role.Viewer, Role.Admin), (rules.OfToken(first)!.Role, rules.OfToken(second)!.Role));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Throws<CampaignException>(() => AccessFile.Add(file, a));
    }

    [Fact]
    public void Read_WritableByOthers_IsRefused()
    {
        string file = _directory["access.json"];
        File.WriteAllText(file, "{}");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);

        Assert.Contains("chmod go-w", Assert.Throws<CampaignException>(() => AccessFile.Read(file)).Message, StringComparison.Ordinal);
    }

    private AccessRules Read(string text)
    {
        string file = _directory["access.json"];
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return AccessFile.Read(file);
    }
}
