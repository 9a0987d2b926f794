using System.Text.Json;
using AnalogHil.Daemon.Telemetry.Logs;
using AnalogHil.Daemon.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AnalogHil.Daemon.Tests.Telemetry.Logs;

public sealed class JsonLineFormatterTests
{
    private readonly LoggerExternalScopeProvider _scopes = new();

    [Fact]
    public void Write_RecordInAnOperation_IsOneLineWithItsScope()
    {
        using IDisposable? operation = _scopes.Push(new Dictionary<string, object?> { ["operation"] = "operations/1", ["lease_epoch"] = 17L, ["bench"] = "a" });

        JsonElement record = Write(
            LogLevel.Warning, new EventId(3, "campaign-failed"), [new("Operation", "operations/1"), new("Reads", 12.5), new("{OriginalFormat}", "x")], "failed:\nno answer", null);

        Assert.Equal(
            """{"time":"2026-03-01T12:00:00.000000Z","level":"warning","event":3,"name":"campaign-failed","category":"AnalogHil.Test","message":"failed:\nno answer","operation":"operations/1","reads":12.5,"lease_epoch":17,"bench":"a"}""",
            record.GetRawText());
    }

    [Fact]
    public void Write_Error_IsWholeAndOneLine()
    {
        JsonElement record = Write(LogLevel.Error, default, [new("Message", "not the message"), new("Values", new[] { 1, 2 })], "µ \"quoted\"", new InvalidOperationException("tile 7"));

        Assert.Equal("µ \"quoted\"", record.GetProperty("message").GetString());
        Assert.Contains("tile 7", record.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, record.GetProperty("values").GetArrayLength());
        Assert.False(record.TryGetProperty("name", out _));
    }

    [Fact]
    public void Write_FigureThatIsNoNumber_IsText() =>
        Assert.Equal("NaN", Write(LogLevel.Information, 1, [new("Share", double.NaN)], "m", null).GetProperty("share").GetString());

    private JsonElement Write(LogLevel level, EventId id, IReadOnlyList<KeyValuePair<string, object?>> state, string message, Exception? error)
    {
        using var text = new StringWriter();
        new JsonLineFormatter(new SteppedTime()).Write(
            new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(level, "AnalogHil.Test", id, state, error, (_, _) => message), _scopes, text);

        string line = text.ToString();
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        return JsonDocument.Parse(line).RootElement;
    }
}
