using System.Runtime.CompilerServices;
using System.Text.Json;
using AnalogHil.Cli.Commands;

namespace AnalogHil.Cli.Tests.Commands;

public sealed class ModelCommandTests : IDisposable
{
    private static readonly string Repository = Locate();
    private readonly FakeTerminal _terminal = new();

    private Terminal InRepository => _terminal.Terminal with { CurrentDirectory = Repository, ProgramDirectory = Repository };

    [Fact]
    public async Task Check_RepositoryModel_ShowsNodesAndFacts()
    {
        int code = await HilCommand.InvokeAsync(["model", "check", "fashion-lenet"], InRepository);

        string text = _terminal.Output.ToString();
        Assert.Equal(0, code);
        Assert.Contains("1,690,800 in 4 analog nodes", text, StringComparison.Ordinal);
        Assert.Contains("3ee120da9264f242ed1b0b559316f2280a3556a4b1881267a5f6656b542f7504", text, StringComparison.Ordinal);
        Assert.Contains("2 Conv", text, StringComparison.Ordinal);
        Assert.Contains("fashion-lenet.preprocess.json", text, StringComparison.Ordinal);
        Assert.Contains("fashion-lenet.onnx: good", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Json_IsOneLineThatAddsUp()
    {
        int code = await HilCommand.InvokeAsync(["model", "check", "fashion-resnet", "--json", "--batch", "8"], InRepository);

        Assert.Equal(0, code);
        using JsonDocument line = JsonDocument.Parse(Assert.Single(_terminal.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        JsonElement root = line.RootElement;
        JsonElement[] nodes = [.. root.GetProperty("analog_nodes").EnumerateArray()];
        Assert.Equal(14_746_432, root.GetProperty("macs").GetInt64());
        Assert.Equal(root.GetProperty("macs").GetInt64(), nodes.Sum(node => node.GetProperty("macs").GetInt64()));
        Assert.All(nodes, node => Assert.Equal(
            node.GetProperty("macs").GetInt64(),
            node.GetProperty("dot_length").GetInt64() * node.GetProperty("channels").GetInt64() * node.GetProperty("positions").GetInt64()));
        Assert.Contains(nodes, node => node.GetProperty("groups").GetInt32() > 1);
        Assert.All(nodes, node => Assert.Contains("crossbar", node.GetProperty("devices").EnumerateArray().Select(device => device.GetString())));
        Assert.Equal(
            nodes.Length, root.GetProperty("operators").EnumerateObject().Where(count => count.Name is "Conv" or "Gemm").Sum(count => count.Value.GetInt32()));
        JsonElement memory = root.GetProperty("memory_bytes");
        Assert.Equal(8 * 784 * 4, memory.GetProperty("inputs").GetInt64());
        Assert.Equal(8, memory.GetProperty("batch").GetInt32());
        Assert.InRange(memory.GetProperty("weights").GetInt64(), 4 * root.GetProperty("analog_weights").GetInt64(), memory.GetProperty("total").GetInt64());
        Assert.Equal("gray", root.GetProperty("preprocessing").GetProperty("channels").GetString());
    }

    [Fact]
    public async Task Check_ModelWithoutDeclaration_WarnsAndSaysWhatItIs()
    {
        File.Copy(Path.Combine(Repository, "models", "fashion-lenet.onnx"), Path.Combine(_terminal.Current, "net.onnx"));

        int code = await HilCommand.InvokeAsync(["model", "check", "net.onnx"], _terminal.Terminal);

        Assert.Equal(0, code);
        Assert.Contains("not declared", _terminal.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("warning: no declaration of preprocessing", _terminal.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NoModel_Is65WithCauseAndRemedy()
    {
        FakeTerminal.Touch(_terminal.Current, "net.onnx");

        int code = await HilCommand.InvokeAsync(["model", "check", "net.onnx"], _terminal.Terminal);

        Assert.Equal(65, code);
        Assert.Contains("hil: model '", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Export or copy it again", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_terminal.Output.ToString());
    }

    [Fact]
    public async Task Eval_Json_IsOneLineWithAccuracyIntervalAndSources()
    {
        int code = await HilCommand.InvokeAsync(
            ["model", "eval", "fashion-lenet", "--data", "fashion-mnist", "--limit", "200", "--noise", "thermal:0.01@36+shot:35", "--seed", "7", "--threads", "1", "--json"],
            InRepository);

        Assert.Equal(0, code);
        using JsonDocument line = JsonDocument.Parse(Assert.Single(_terminal.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        JsonElement root = line.RootElement;
        double top1 = root.GetProperty("top1").GetDouble();
        Assert.Equal(200, root.GetProperty("n").GetInt32());
        Assert.Equal(root.GetProperty("top1_correct").GetInt32(), top1 * 2, 1e-9);
        Assert.InRange(top1, root.GetProperty("top1_interval")[0].GetDouble(), root.GetProperty("top1_interval")[1].GetDouble());
        Assert.InRange(top1, 80, 99);
        Assert.InRange(root.GetProperty("top5").GetDouble(), top1, 100);
        Assert.Equal("thermal:0.01@36+shot:35", root.GetProperty("noise").GetString());
        Assert.Equal(7, root.GetProperty("seed").GetInt32());
        Assert.Equal("fashion-mnist/t10k", root.GetProperty("data").GetString());
        Assert.Equal("fashion-mnist/calib", root.GetProperty("calibration").GetString());
        Assert.Equal(64, root.GetProperty("sha256").GetString()!.Length);
        Assert.True(root.TryGetProperty("seconds", out _));
    }

    [Fact]
    public async Task Eval_HeldNoise_SaysItsLifetimeAndDiffersFromNoiseOfEveryRead()
    {
        async Task<JsonElement> Judge(string law)
        {
            _terminal.Output.GetStringBuilder().Clear();
            string[] command = ["model", "eval", "fashion-lenet", "--data", "fashion-mnist", "--limit", "200", "--noise", law, "--threads", "1", "--json"];
            Assert.Equal(0, await HilCommand.InvokeAsync(command, InRepository));
            return JsonDocument.Parse(_terminal.Output.ToString()).RootElement;
        }

        JsonElement held = await Judge("weight:0.1@2/inference");
        JsonElement read = await Judge("weight:0.1@2");

        Assert.Equal("per inference", held.GetProperty("noise_lifetime").GetString());
        Assert.Equal("per read", read.GetProperty("noise_lifetime").GetString());
        Assert.InRange(held.GetProperty("top1").GetDouble(), 10, 99);
        Assert.NotEqual(read.GetProperty("top1_correct").GetInt32(), held.GetProperty("top1_correct").GetInt32());
    }

    [Fact]
    public async Task Eval_Interactive_ShowsProgressOnStandardErrorAndClearsIt()
    {
        int code = await HilCommand.InvokeAsync(
            ["model", "eval", "fashion-lenet", "--data", "fashion-mnist", "--limit", "64", "--split", "calib"], InRepository with { IsInteractive = true });

        Assert.Equal(0, code);
        string progress = _terminal.Error.ToString();
        Assert.StartsWith("\r", progress, StringComparison.Ordinal);
        Assert.EndsWith("\r", progress, StringComparison.Ordinal);
        Assert.Contains("64 of fashion-mnist/calib", _terminal.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("noise   none", _terminal.Output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--noise is warm:1: 'warm:1' is no noise law", "--noise", "warm:1")]
    [InlineData("the next read has new ones: leave /inference out", "--noise", "shot:35/inference")]
    [InlineData("--limit is 0, must be a whole number, at least 1", "--limit", "0")]
    [InlineData("--threads is none, must be a whole number", "--threads", "none")]
    [InlineData("'train'", "--split", "train")]
    public async Task Eval_WrongUsage_Is64AndSaysWhatIsPossible(string expected, params string[] options)
    {
        int code = await HilCommand.InvokeAsync(["model", "eval", "fashion-lenet", "--data", "fashion-mnist", .. options], InRepository);

        Assert.Equal(64, code);
        Assert.Contains(expected, _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eval_NoRangesToObserve_Is65AndNamesTheRemedy()
    {
        string data = Path.Combine(_terminal.Current, "test-only");
        Directory.CreateDirectory(data);
        foreach (string file in Directory.GetFiles(Path.Combine(Repository, "data", "fashion-mnist"), "t10k-*"))
        {
            File.Copy(file, Path.Combine(data, Path.GetFileName(file)));
        }

        string[] command = ["model", "eval", "fashion-lenet", "--data", data, "--limit", "20", "--noise", "thermal:0.01"];
        int refused = await HilCommand.InvokeAsync(command, InRepository);
        int named = await HilCommand.InvokeAsync([.. command, "--calibration", data], InRepository);

        Assert.Equal((65, 0), (refused, named));
        Assert.Contains("holds no calibration images to observe them on; name a directory", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("observed on 160 images of test-only/t10k", _terminal.Output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check", "--batch")]
    [InlineData("eval", "thermal:SIGMA[@E]")]
    public async Task Help_ModelCommands_HaveExamplesAndLaws(string command, string expected)
    {
        int code = await HilCommand.InvokeAsync(["model", command, "--help"], _terminal.Terminal);

        Assert.Equal(0, code);
        Assert.Contains($"hil model {command} ", _terminal.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains(expected, _terminal.Output.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _terminal.Dispose();

    private static string Locate([CallerFilePath] string thisFile = "")
    {
        string? folder = Path.GetDirectoryName(thisFile);
        while (folder is not null && !File.Exists(Path.Combine(folder, "AnalogHil.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"AnalogHil.sln not found above {thisFile}");
    }
}
