using System.Text.Json;
using AnalogHil.Cli.Commands;

namespace AnalogHil.Cli.Tests.Commands;

/// <summary>`hil calibrate ...` on a small simulated bench.</summary>
public sealed class CalibrateCommandTests : IDisposable
{
    private static readonly string[] Small = ["--bench", "small.json", "--routines", "column-sigma,mix", "--sigma-half-width", "15", "--column-half-width", "20", "--store", "store"];
    private readonly FakeTerminal _terminal = new();
    private readonly MovedTime _time = new();

    public CalibrateCommandTests()
    {
        Directory.CreateDirectory(Path.Combine(_terminal.Current, "benches"));
        Directory.CreateDirectory(Path.Combine(_terminal.Current, "profiles"));
        File.Copy(Path.Combine(Repository.Root, "config", "profiles", "pcm-90nm.json"), Path.Combine(_terminal.Current, "profiles", "pcm-90nm.json"));
        WriteBench(2);
    }

    private Terminal Here => _terminal.Terminal with { Time = _time };

    [Fact]
    public async Task Calibrate_Twice_IsListedShownComparedPutInUseRolledBackAndMarkedBad()
    {
        JsonElement first = await JsonAsync(0, ["calibrate", .. Small, "--seed", "1", "--out", "first", "--json"]);
        string one = first.GetProperty("id").GetString()!;
        string device = first.GetProperty("device").GetProperty("uid").GetString()!;
        Assert.True(first.GetProperty("whole").GetBoolean());
        Assert.Contains("mix: measured", _terminal.Error.ToString(), StringComparison.Ordinal);
        string text = await TextAsync(0, ["calibrate", .. Small, "--seed", "2", "--fresh", "--no-activate", "--out", "second"]);
        Assert.Contains("sigma.Weight", text, StringComparison.Ordinal);
        Assert.Contains("is kept, not in use", text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_terminal.Current, "second", "calibration.html")));

        JsonElement[] kept = [.. (await JsonAsync(0, "calibrate", "history", "--store", "store", "--json")).GetProperty("calibrations").EnumerateArray()];
        string two = kept[0].GetProperty("id").GetString()!;
        Assert.Equal(one, kept[1].GetProperty("id").GetString());
        Assert.StartsWith("in use", kept[1].GetProperty("standing").GetString(), StringComparison.Ordinal);
        Assert.Contains("valid, not in use", await TextAsync(0, "calibrate", "history", "--store", "store"), StringComparison.Ordinal);
        Assert.Contains("sigma.Weight", await TextAsync(0, "calibrate", "history", "--store", "store", "--figure", "sigma.Weight"), StringComparison.Ordinal);
        Assert.Equal(one, (await JsonAsync(0, "calibrate", "show", one, "--store", "store", "--json")).GetProperty("id").GetString());
        Assert.Contains("column-sigma: Measured", await TextAsync(0, "calibrate", "show", one, "--store", "store"), StringComparison.Ordinal);

        Assert.Contains($"{one} -> {two}", await TextAsync(0, "calibrate", "compare", two, one, "--store", "store"), StringComparison.Ordinal);
        JsonElement compared = await JsonAsync(0, "calibrate", "compare", two, one, "--store", "store", "--level", "0.01", "--json");
        Assert.Equal((one, two, 0.01), (compared.GetProperty("before").GetString(), compared.GetProperty("after").GetString(), compared.GetProperty("family_level").GetDouble()));
        Assert.NotEqual(0, compared.GetProperty("figures").GetArrayLength());

        Assert.Equal($"{two} is in use", (await TextAsync(0, "calibrate", "activate", two, "--store", "store")).Trim());
        Assert.Equal($"{one} is in use again", (await TextAsync(0, "calibrate", "rollback", "--device", device, "--why", "suspect", "--store", "store")).Trim());
        Assert.Equal($"{two} is marked bad", (await TextAsync(0, "calibrate", "mark-bad", two, "--why", "loose cable", "--store", "store")).Trim());
        Assert.Contains("loose cable", await RefusedAsync(76, "calibrate", "activate", two, "--store", "store"), StringComparison.Ordinal);
        _time.Now += TimeSpan.FromDays(2);
        Assert.Contains("expired", await RefusedAsync(76, "calibrate", "activate", one, "--store", "store"), StringComparison.Ordinal);
        Assert.Contains("EXPIRED", await TextAsync(0, "calibrate", "history", "--store", "store"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refit_ReadsOfACalibration_GivesItsFiguresAgain()
    {
        JsonElement made = await JsonAsync(0, ["calibrate", .. Small, "--seed", "1", "--out", "first", "--json"]);
        JsonElement again = await JsonAsync(0, "calibrate", "refit", "first", "--json");
        Assert.Equal(Figures(made.GetProperty("results").GetProperty("mix")), Figures(again.GetProperty("mix")));

        JsonElement narrower = await JsonAsync(0, "calibrate", "refit", "first", "--level", "0.8", "--robust", "--json");
        Assert.NotEqual(Figures(again.GetProperty("mix")), Figures(narrower.GetProperty("mix")));
        Assert.Contains("column-sigma:", await TextAsync(0, "calibrate", "refit", "first"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_AFinishedCalibration_TakesWhatIsThere()
    {
        JsonElement made = await JsonAsync(0, ["calibrate", .. Small, "--seed", "1", "--out", "first", "--json"]);
        JsonElement resumed = await JsonAsync(0, "calibrate", "--resume", "first", "--store", "store", "--json");
        Assert.Equal(1, resumed.GetProperty("resumptions").GetInt32());
        Assert.Equal(
            Figures(made.GetProperty("results").GetProperty("mix")).Length, Figures(resumed.GetProperty("results").GetProperty("mix")).Length);
        Assert.Contains("not empty", await RefusedAsync(64, ["calibrate", .. Small, "--out", "first"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_QuietThenDrifted_EndsWithTheCodeOfEach()
    {
        await JsonAsync(0, ["calibrate", .. Small, "--seed", "11", "--out", "first", "--json"]);

        // One false alarm in 1,000 probes: five raise one in 0.5 %, and the seeds are fixed by the clock.
        string[] watch = ["calibrate", "watch", "--bench", "small.json", "--every", "0", "--store", "store"];
        Assert.Contains("no drift", await TextAsync(0, [.. watch, "--probes", "5"]), StringComparison.Ordinal);
        WriteBench(2.6);
        string renewed = await TextAsync(2, [.. watch, "--probes", "20", "--out", "renewed"]);
        Assert.Contains("is in use in the place of", renewed, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_terminal.Current, "renewed", "calibration.json")));
    }

    [Fact]
    public async Task Watch_Json_IsOneObjectALineOfWhatHappened()
    {
        await JsonAsync(0, ["calibrate", .. Small, "--seed", "11", "--out", "first", "--json"]);
        string[] watch = ["calibrate", "watch", "--bench", "small.json", "--every", "0", "--store", "store", "--json"];
        JsonElement[] quiet = Lines(await TextAsync(0, [.. watch, "--probes", "3"]));
        Assert.Equal(["probe", "probe", "probe", "quiet"], quiet.Select(Kind));
        Assert.Equal([1, 2, 3], quiet.SkipLast(1).Select(line => line.GetProperty("probe").GetProperty("number").GetInt32()));
        Assert.Equal(1000, quiet[^1].GetProperty("quiet").GetProperty("probes_between_false_alarms").GetDouble());

        WriteBench(2.6);
        JsonElement[] drifted = Lines(await TextAsync(2, [.. watch, "--probes", "20", "--out", "renewed"]));
        Assert.Equal(["alarm", "renewed"], drifted.Select(Kind).TakeLast(2));
        JsonElement chart = drifted[^2].GetProperty("alarm").GetProperty("alarms")[0];
        Assert.Equal("rose", chart.GetProperty("sigma").GetString());
        Assert.True(chart.GetProperty("evidence").GetDouble() >= chart.GetProperty("threshold").GetDouble());
        JsonElement renewed = drifted[^1].GetProperty("renewed");
        Assert.True(File.Exists(Path.Combine(_terminal.Current, "renewed", "calibration.json")));
        JsonElement kept = await JsonAsync(0, "calibrate", "history", "--store", "store", "--json");
        Assert.Equal(renewed.GetProperty("calibration").GetString(), kept.GetProperty("calibrations")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Schedule_GoodAndBadFiles_ShowsTheNextTimesOrEveryError()
    {
        await File.WriteAllTextAsync(Path.Combine(_terminal.Current, "good.json"), """
            { "entries": [ { "name": "nightly", "bench": "benches/small.json", "cron": "30 2 * * *", "timeZone": "UTC" } ],
              "watches": [ { "name": "drift", "bench": "benches/small.json", "cron": "0 * * * *", "timeZone": "UTC" } ] }
            """);
        await File.WriteAllTextAsync(Path.Combine(_terminal.Current, "bad.json"), """
            { "entries": [ { "name": "nightly", "bench": "none", "cron": "61 2 * * *", "timeZone": "UTC" } ] }
            """);
        string times = await TextAsync(0, "calibrate", "schedule", "good.json", "--next", "2");
        Assert.Contains("2026-03-02 02:30", times, StringComparison.Ordinal);
        Assert.Contains("2026-03-01 13:00", times, StringComparison.Ordinal);
        string wrong = await RefusedAsync(65, "calibrate", "schedule", "bad.json");
        Assert.Contains("$.entries[0].cron", wrong, StringComparison.Ordinal);
        Assert.Contains("$.entries[0].bench", wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(65, "no bench file 'none'", "--bench", "none")]
    [InlineData(64, "must lie in 0.2 .. 50 percent", "--sigma-half-width", "0.1")]
    [InlineData(64, "'3-1' is no tile", "--bench", "small.json", "--tiles", "3-1", "--store", "store")]
    [InlineData(64, "mixx", "--bench", "small.json", "--routines", "mixx", "--store", "store")]
    [InlineData(78, "holds no calibration that was begun", "--resume", "nowhere", "--store", "store")]
    [InlineData(65, "no calibration 'x'", "show", "x", "--store", "store")]
    [InlineData(65, "no calibration 'x'", "compare", "x", "y", "--store", "store")]
    [InlineData(65, "no calibration 'x'", "activate", "x", "--store", "store")]
    [InlineData(65, "no calibration of X is in use", "rollback", "--device", "X", "--why", "y", "--store", "store")]
    [InlineData(65, "no calibration 'x'", "mark-bad", "x", "--why", "y", "--store", "store")]
    [InlineData(64, "--why", "mark-bad", "x", "--store", "store")]
    [InlineData(65, "holds no calibration", "refit", "nowhere")]
    [InlineData(65, "cannot be read", "schedule", "missing.json")]
    [InlineData(65, "calibrate first", "watch", "--bench", "small.json", "--store", "store")]
    public async Task Calibrate_SomethingWrong_SaysWhatAndEndsWithItsCode(int code, string said, params string[] args) =>
        Assert.Contains(said, await RefusedAsync(code, ["calibrate", .. args]), StringComparison.Ordinal);

    [Theory]
    [InlineData("calibrate")]
    [InlineData("calibrate history")]
    [InlineData("calibrate show")]
    [InlineData("calibrate compare")]
    [InlineData("calibrate activate")]
    [InlineData("calibrate rollback")]
    [InlineData("calibrate mark-bad")]
    [InlineData("calibrate refit")]
    [InlineData("calibrate schedule")]
    [InlineData("calibrate watch")]
    public async Task Help_OfEveryCommand_DescribesItAndItsOptions(string command)
    {
        string help = await TextAsync(0, [.. command.Split(' '), "--help"]);
        Assert.Contains("Description:", help, StringComparison.Ordinal);
        Assert.Contains($"hil {command}", help.Replace("testhost", "hil", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Options:", help, StringComparison.Ordinal);
    }

    public void Dispose() => _terminal.Dispose();

    private void WriteBench(double readNoise) => File.WriteAllText(Path.Combine(_terminal.Current, "benches", "small.json"), FormattableString.Invariant($$"""
        {
          "name": "small", "description": "two small tiles", "architecture": "crossbar", "profile": "pcm-90nm", "tier": "cells", "seed": 5,
          "geometry": { "rows": 32, "columns": 16, "tiles": 2 },
          "converters": { "dacBits": 8, "adcBits": 12, "adcFullScale": 48 },
          "columns": { "gainSpread": 0.02, "offsetSpread": 0.1 },
          "redundancy": { "readAndAverage": 16 },
          "physics": { "receiverNoiseNanoamperes": 1500, "readNoiseMicrosiemens": {{readNoise}}, "programmingErrorMicrosiemens": 0.1 },
          "cells": { "readNoiseExponent": 0, "flickerShare": 0, "driftExponent": 0, "driftExponentSpread": 0 }
        }
        """));

    private static string[] Figures(JsonElement result) => [.. result.GetProperty("figures").EnumerateArray().Select(figure => figure.GetRawText())];

    private static JsonElement[] Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => JsonElement.Parse(line))];

    private static string Kind(JsonElement line) => line.EnumerateObject().Single().Name;

    private async Task<JsonElement> JsonAsync(int code, params string[] args)
    {
        using JsonDocument document = JsonDocument.Parse(await TextAsync(code, args));
        return document.RootElement.Clone();
    }

    private async Task<string> TextAsync(int code, params string[] args)
    {
        _time.Now += TimeSpan.FromSeconds(10);
        _terminal.Output.GetStringBuilder().Clear();
        int ended = await HilCommand.InvokeAsync([.. args.Select(PathOf)], Here);
        Assert.True(code == ended, $"{string.Join(' ', args)} ended with {ended}: {_terminal.Error}");
        return _terminal.Output.ToString();
    }

    private async Task<string> RefusedAsync(int code, params string[] args)
    {
        _terminal.Error.GetStringBuilder().Clear();
        await TextAsync(code, args);
        return _terminal.Error.ToString();
    }

    private static string PathOf(string arg) => arg == "small.json" ? Path.Combine("benches", arg) : arg;

    private sealed class MovedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 30, 5, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
