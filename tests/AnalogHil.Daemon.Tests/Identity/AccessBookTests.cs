using System.Runtime.Versioning;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Identity;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.V1;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Tests.Identity;

[UnsupportedOSPlatform("windows")]
public sealed class AccessBookTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTime _time = new();
    private readonly string _first;
    private readonly string _second;
    private readonly LinesLog _log = new();
    private readonly AccessBook _book;

    public AccessBookTests()
    {
        (_first, AccessToken first) = AccessToken.Create("first", Role.Operator);
        (_second, AccessToken second) = AccessToken.Create("second", Role.Viewer);
        Both = $$"""{"tokens": [{{AccessFile.LineOf(first)}}, {{AccessFile.LineOf(second)}}]}""";
        OnlySecond = $$"""{"tokens": [{{AccessFile.LineOf(second)}}]}""";
        Write(Both);
        var options = new DaemonOptions { SocketPath = "/nowhere/hil.sock", BenchDirectory = "/nowhere", AccessFile = _directory["access.json"] };
        _book = new AccessBook(AccessFile.Read(options.AccessFile), options, _time, _log);
    }

    private string Both { get; }

    private string OnlySecond { get; }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Rules_ATokenIsTakenOut_LetsItInNoMoreASecondLater()
    {
        Write(OnlySecond);
        Assert.NotNull(_book.Rules.OfToken(_first));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(_book.Rules.OfToken(_first));
        Assert.Equal(Role.Viewer, _book.Rules.OfToken(_second)!.Role);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("""{"tokens": [null]}""")]
    [InlineData("""{"tokens": [{"name": "a", "role": "admin"}]}""")]
    [InlineData("""{"tokens": [{"sha256": "00", "role": "admin"}]}""")]
    [InlineData("""{"users": {"7": null}, "tokens": [{}]}""")]
    [InlineData(null)]
    public void Rules_TheFileIsWrongOrGone_StayUntilItIsGood(string? text)
    {
        if (text is null)
        {
            File.Delete(_directory["access.json"]);
        }
        else
        {
            Write(text);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(_book.Rules.OfToken(_first));
        string said = Assert.Single(_log.Lines);
        Assert.Contains("the access rules of before stay in force", said, StringComparison.Ordinal);
        Assert.Contains("access.json", said, StringComparison.Ordinal);

        // It is looked at again, and the same is said once.
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(_book.Rules.OfToken(_first));
        Assert.Single(_log.Lines);

        Write(OnlySecond);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_book.Rules.OfToken(_first));
    }

    [Fact]
    public void Rules_OnlyTheModeOfTheFileIsMended_AreReadAnew()
    {
        string file = _directory["access.json"];
        Write(OnlySecond);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(_book.Rules.OfToken(_first));
        Assert.Contains("chmod go-w", Assert.Single(_log.Lines), StringComparison.Ordinal);

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(_book.Rules.OfToken(_first));
    }

    private sealed class LinesLog : ILogger<AccessBook>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }

    private void Write(string text)
    {
        File.WriteAllText(_directory["access.json"], text);
        File.SetUnixFileMode(_directory["access.json"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
