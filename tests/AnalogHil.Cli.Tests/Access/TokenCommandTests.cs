using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AnalogHil.Cli.Commands;
using AnalogHil.Daemon.Identity;

namespace AnalogHil.Cli.Tests.Access;

public sealed class TokenCommandTests : IDisposable
{
    private readonly FakeTerminal _terminal = new();

    [Fact]
    public async Task Create_ANewAccessFile_KeepsTheHashAndPrintsTheTokenOnce()
    {
        Assert.Equal(0, await HilCommand.InvokeAsync(["token", "create", "bench-ci", "--role", "viewer", "--access", "access.json", "--json"],
            _terminal.Terminal));

        JsonElement made = JsonDocument.Parse(_terminal.Output.ToString()).RootElement;
        string file = Path.Combine(_terminal.Current, "access.json");
        Assert.Equal(("bench-ci", "viewer", file), (Text(made, "name"), Text(made, "role"), Text(made, "access_file")));
        string kept = await File.ReadAllTextAsync(file);
        Assert.DoesNotContain(Text(made, "token"), kept, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(made, "token")))), kept, StringComparison.Ordinal);
        Assert.Equal("bench-ci", Assert.Single(AccessFile.Read(file).Tokens).Name);
    }

    [Theory]
    [InlineData(64, "'boss'", "token", "create", "a", "--role", "boss", "--access", "access.json")]
    [InlineData(64, "--access", "token", "create", "a")]
    [InlineData(64, "access.json", "token", "create", "a", "--access", "broken/access.json")]
    public async Task Create_WrongRoleOrFile_IsRefusedAndWritesNothing(int expected, string named, params string[] command)
    {
        FakeTerminal.Touch(_terminal.Current, "broken/access.json");

        int code = await HilCommand.InvokeAsync(command, _terminal.Terminal);

        Assert.Equal(expected, code);
        Assert.Contains(named, _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_terminal.Output.ToString());
        Assert.False(File.Exists(Path.Combine(_terminal.Current, "access.json")));
    }

    public void Dispose() => _terminal.Dispose();

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
