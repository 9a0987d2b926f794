using System.Text.Json;
using System.Text.Json.Nodes;
using AnalogHil.Cli.Commands;

namespace AnalogHil.Cli.Tests.Commands;

public sealed class ModelBitsCommandTests : IDisposable
{
    private static readonly string[] Small = ["model", "bits", "fashion-lenet", "--data", "fashion-mnist", "--limit", "100", "--threads", "1"];
    private const string OnesForEachChannel =
        "{\"gain\": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], \"offset\": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], \"full_scale\": null}";
    private readonly FakeTerminal _terminal = new();

    private Terminal Here => _terminal.Terminal with { ProgramDirectory = Repository.Root };

    [Fact]
    public async Task Bits_Json_HasARowForEachNumberOfBitsWithIntervals()
    {
        int code = await HilCommand.InvokeAsync([.. Small, "--bits", "2,10", "--draws", "2", "--seed", "7", "--json"], Here);

        Assert.Equal(0, code);
        using JsonDocument line = JsonDocument.Parse(Assert.Single(_terminal.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        JsonElement root = line.RootElement;
        JsonElement[] rows = [.. root.GetProperty("rows").EnumerateArray()];
        Assert.Equal([2.0, 10.0], rows.Select(row => row.GetProperty("bits").GetDouble()));
        foreach (JsonElement row in rows)
        {
            (JsonElement quantised, JsonElement noisy, JsonElement difference) = (row.GetProperty("quantised"), row.GetProperty("noisy"), row.GetProperty("difference"));
            Assert.All([quantised, noisy, difference], estimate =>
            {
                Assert.InRange(estimate.GetProperty("value").GetDouble(), estimate.GetProperty("low").GetDouble(), estimate.GetProperty("high").GetDouble());
                Assert.Equal((0.95, 100), (estimate.GetProperty("level").GetDouble(), estimate.GetProperty("n").GetInt32()));
            });
            Assert.Equal(quantised.GetProperty("value").GetDouble() - noisy.GetProperty("value").GetDouble(), difference.GetProperty("value").GetDouble(), 1e-9);
        }

        // Ten bits cost nothing that a hundred images show; two cost much.
        Assert.InRange(rows[1].GetProperty("quantised").GetProperty("value").GetDouble(), 0.8, 1);
        Assert.InRange(rows[1].GetProperty("noisy").GetProperty("value").GetDouble(), 0.8, 1);
        Assert.InRange(rows[0].GetProperty("quantised").GetProperty("value").GetDouble(), 0, 0.75);
        Assert.Equal((100, 2, 7), (root.GetProperty("n").GetInt32(), root.GetProperty("draws").GetInt32(), root.GetProperty("seed").GetInt32()));
        Assert.Equal(("fashion-mnist/calib", 64), (root.GetProperty("calibration").GetString(), root.GetProperty("calibration_images").GetInt32()));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("plan").ValueKind);
    }

    [Fact]
    public async Task Bits_NothingAsked_HasTheUsualNumbersOfBits()
    {
        Assert.Equal(0, await HilCommand.InvokeAsync(["model", "bits", "fashion-lenet", "--data", "fashion-mnist", "--limit", "50", "--draws", "1", "--json"], Here));

        JsonElement root = JsonDocument.Parse(_terminal.Output.ToString()).RootElement;
        Assert.Equal([2.0, 3.0, 4.0, 5.0, 6.0, 8.0], root.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("bits").GetDouble()));
    }

    [Fact]
    public async Task Bits_OfAPlan_HasOneRowAtItsMeanAndTellsBothMeans()
    {
        string plan = await LearnAsync();
        JsonArray layers = JsonNode.Parse(await File.ReadAllTextAsync(plan))!["layers"]!.AsArray();
        double elements = layers.Sum(Elements);
        double mean = layers.Sum(layer => Elements(layer) * layer!["noise_bits"]!.GetValue<double>()) / elements;
        double printed = layers.Sum(layer => Elements(layer) * Math.Log2(Math.Ceiling(Math.Pow(2, layer!["noise_bits"]!.GetValue<double>())) - 1)) / elements;

        Assert.Equal(0, await HilCommand.InvokeAsync([.. Small, "--plan", plan, "--json"], Here));
        JsonElement root = JsonDocument.Parse(_terminal.Output.ToString()).RootElement;
        Assert.Equal(mean, Assert.Single(root.GetProperty("rows").EnumerateArray()).GetProperty("bits").GetDouble(), 1e-9);
        Assert.Equal(mean, root.GetProperty("plan").GetProperty("mean_bits").GetDouble(), 1e-9);
        Assert.Equal(printed, root.GetProperty("plan").GetProperty("mean_bits_as_the_authors_code").GetDouble(), 1e-9);

        _terminal.Output.GetStringBuilder().Clear();
        Assert.Equal(0, await HilCommand.InvokeAsync([.. Small, "--plan", plan, "--bits", "4"], Here));
        string table = _terminal.Output.ToString();
        string means = FormattableString.Invariant($"mean over output elements {mean:0.00} (eq. 8); as the authors' code prints it {printed:0.00}");
        Assert.Contains(means, table, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"{mean:0.00}, the plan's mean"), table, StringComparison.Ordinal);
        Assert.Contains("100 x 3", table, StringComparison.Ordinal);
        Assert.Contains("on 64 images of fashion-mnist/calib", table, StringComparison.Ordinal);
        Assert.Contains("95 %, images as units", table, StringComparison.Ordinal);

        _terminal.Output.GetStringBuilder().Clear();
        Assert.Equal(0, await HilCommand.InvokeAsync(["plan", "show", plan], Here));
        Assert.Contains(means, _terminal.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("seen on at most 64 images", _terminal.Output.ToString(), StringComparison.Ordinal);

        Assert.Equal(78, await HilCommand.InvokeAsync(["model", "bits", "fashion-resnet", "--data", "fashion-mnist", "--plan", plan], Here));
        Assert.Contains("give the model that the plan is for", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("noise_bits", "null", "holds no noise bits of layer")]
    [InlineData("digital", OnesForEachChannel, "was learned with full scales or digital gains of its own")]
    [InlineData("name", "\"other\"", "which are not the 4 analog products of fashion-lenet")]
    public async Task Bits_OfAPlanThatDoesNotFit_Is78AndSaysWhy(string member, string value, string expected)
    {
        string plan = await LearnAsync();
        JsonNode changed = JsonNode.Parse(await File.ReadAllTextAsync(plan))!;
        changed["layers"]![0]![member] = JsonNode.Parse(value);
        changed["sha256"] = null;
        await File.WriteAllTextAsync(plan, changed.ToJsonString());

        Assert.Equal(78, await HilCommand.InvokeAsync([.. Small, "--plan", plan], Here));
        Assert.Contains(expected, _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await HilCommand.InvokeAsync(["plan", "show", plan], Here));
        Assert.Equal(member == "noise_bits", _terminal.Output.ToString().Contains("not every layer has noise bits", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(64, "--bits is 2,x, must be numbers from 1 to 16 with commas between them", "--bits", "2,x")]
    [InlineData(64, "--bits is 0.5, must be numbers from 1 to 16", "--bits", "0.5")]
    [InlineData(64, "--draws is 0, must be a whole number, at least 1", "--draws", "0")]
    [InlineData(65, "none.plan.json cannot be read", "--plan", "none.plan.json")]
    public async Task Bits_WrongInput_EndsWithItsCodeAndSaysWhatIsPossible(int expected, string message, params string[] options)
    {
        Assert.Equal(expected, await HilCommand.InvokeAsync([.. Small, .. options], Here));
        Assert.Contains(message, _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eval")]
    [InlineData("bits")]
    public async Task EvalAndBits_StoppedAmongTheImages_Are75AndTellNoAccuracy(string command)
    {
        // The first progress of a person's terminal is written while images are judged: there the stop comes.
        using var stop = new CancellationTokenSource();
        Terminal watched = Here with { IsInteractive = true, Error = new StoppingWriter(_terminal.Error, stop) };

        int code = await HilCommand.InvokeAsync(["model", command, "fashion-lenet", "--data", "fashion-mnist", "--threads", "1"], watched, stop.Token);

        Assert.Equal(75, code);
        Assert.Contains("stopped on request: no accuracy is told", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_terminal.Output.ToString());
    }

    public void Dispose() => _terminal.Dispose();

    private static double Elements(JsonNode? layer) => layer!["positions"]!.GetValue<double>() * layer["channels"]!.GetValue<double>();

    private async Task<string> LearnAsync()
    {
        int code = await HilCommand.InvokeAsync(
            ["plan", "learn", "--model", "fashion-lenet", "--max-images", "300", "--max-drop", "6", "--noise", "thermal:0.01", "--threads", "1", "--method", "uniform", "--out", "a.plan.json"], Here);
        Assert.InRange(code, 0, 2);
        _terminal.Output.GetStringBuilder().Clear();
        return Path.Combine(_terminal.Current, "a.plan.json");
    }

    /// <summary>Asks for a stop at the first thing that is written in place.</summary>
    private sealed class StoppingWriter(StringWriter inner, CancellationTokenSource stop) : StringWriter
    {
        public override void Write(string? value)
        {
            inner.Write(value);
            stop.Cancel();
        }

        public override void WriteLine(string? value) => inner.WriteLine(value);
    }
}
