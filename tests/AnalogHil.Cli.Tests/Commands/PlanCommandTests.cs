using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using AnalogHil.Cli.Commands;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.PlanLearning;
using AnalogHil.Precision.Tests.PlanFiles;

namespace AnalogHil.Cli.Tests.Commands;

public sealed class PlanCommandTests : IDisposable
{
    // Some seconds on one core: one read of everything is all that is tried.
    private static readonly string[] Quick =
        ["--model", "fashion-lenet", "--noise", "thermal:0.1", "--method", "uniform-integer", "--max-k", "1", "--max-images", "300", "--max-drop", "3", "--threads", "1"];

    private readonly FakeTerminal _terminal = new();

    private Terminal Here => _terminal.Terminal with { ProgramDirectory = Repository.Root };

    [Fact]
    public async Task LearnShowExportCompare_SmallNetwork_TellTheSameFigures()
    {
        // Two plans of the smallest network on few images: enough for every figure, not for a verdict that is asserted here.
        string[] small = ["--model", "fashion-lenet", "--max-images", "300", "--max-drop", "6", "--noise", "thermal:0.01", "--threads", "1", "--steps", "4"];
        string others = Directory.CreateDirectory(Path.Combine(_terminal.Current, "others")).FullName;
        foreach (string each in Directory.GetFiles(Path.Combine(Repository.Root, "data", "fashion-mnist"), "calib-*"))
        {
            File.Copy(each, Path.Combine(others, Path.GetFileName(each)));
        }

        int ours = await HilCommand.InvokeAsync(
            ["plan", "learn", .. small, "--method", "integer", "--seed", "5", "--max-k", "512", "--calibration", others, "--out", "ours.plan.json"], Here);
        string learned = _terminal.Output.ToString();
        int uniform = await HilCommand.InvokeAsync(["plan", "learn", .. small[..^2], "--method", "uniform", "--calibration", "fashion-mnist", "--out", "uniform.plan.json", "--json"], Here);

        Assert.All([ours, uniform], code => Assert.InRange(code, 0, 2));
        string file = await File.ReadAllTextAsync(Path.Combine(_terminal.Current, "ours.plan.json"));
        using JsonDocument plan = JsonDocument.Parse(file);
        Assert.Contains(plan.RootElement.GetProperty("certificate").GetProperty("verdict").GetString()!, learned, StringComparison.Ordinal);
        Assert.Equal("3ee120da9264f242ed1b0b559316f2280a3556a4b1881267a5f6656b542f7504", plan.RootElement.GetProperty("model").GetProperty("sha256").GetString());
        Assert.Equal(120, plan.RootElement.GetProperty("data").GetProperty("search_images").GetInt32());
        Assert.Equal(5u, plan.RootElement.GetProperty("seeds").GetProperty("given").GetUInt64());
        Assert.Equal(512, plan.RootElement.GetProperty("method").GetProperty("largest_energy").GetDouble());
        Assert.Equal(others, plan.RootElement.GetProperty("data").GetProperty("learning_directory").GetString());
        Assert.Null(PlanFileJson.Read(Path.Combine(_terminal.Current, "uniform.plan.json")).Data.LearningDirectory);
        Assert.Contains("1/4 uniform", _terminal.Error.ToString(), StringComparison.Ordinal);

        Assert.Equal(file, await Output("plan", "show", "ours.plan.json", "--json"));
        Assert.Equal(file, await Output("plan", "export", "ours.plan.json"));
        string csv = await Output("plan", "export", "ours.plan.json", "--format", "csv");
        Assert.Equal(1 + plan.RootElement.GetProperty("layers").GetArrayLength(), csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        string shown = await Output("plan", "show", "ours.plan.json");
        Assert.All(["KKT residual", "accuracy without noise", "energy of one example"], row => Assert.Contains(row, shown, StringComparison.Ordinal));

        using JsonDocument compared = JsonDocument.Parse(await Output("plan", "compare", "uniform.plan.json", "ours.plan.json", "--recorded", "--json"));
        JsonElement[] rows = [.. compared.RootElement.GetProperty("plans").EnumerateArray()];
        Assert.Equal(["uniform", "integer"], rows.Select(row => row.GetProperty("method").GetString()));
        Assert.Equal(plan.RootElement.GetProperty("energy").GetProperty("per_mac").GetDouble(), rows[1].GetProperty("per_mac").GetDouble());
    }

    [Fact]
    public async Task LearnCompare_On8BitGrids_TellsWhatTheGridsLoseAndComparesOnThem()
    {
        string[] small =
        [
            "--model", "fashion-lenet", "--max-images", "300", "--max-drop", "6", "--threads", "1", "--noise", "shot-fixed:1", "--quantised", "percentile",
        ];
        int ours = await HilCommand.InvokeAsync(["plan", "learn", .. small, "--steps", "2", "--method", "corrected", "--out", "ours.plan.json"], Here);
        int uniform = await HilCommand.InvokeAsync(["plan", "learn", .. small, "--method", "uniform", "--out", "uniform.plan.json"], Here);
        int floats = await HilCommand.InvokeAsync(["plan", "learn", .. small[..^2], "--method", "uniform", "--out", "float.plan.json"], Here);
        Assert.All([ours, uniform, floats], code => Assert.InRange(code, 0, 2));
        string text = await File.ReadAllTextAsync(Path.Combine(_terminal.Current, "uniform.plan.json"));
        using JsonDocument plan = JsonDocument.Parse(text);
        JsonElement grids = plan.RootElement.GetProperty("grids");
        Assert.Equal(("percentile", 8, 180), (grids.GetProperty("rule").GetString(), grids.GetProperty("weight_bits").GetInt32(), grids.GetProperty("examples").GetInt32()));
        double lost = grids.GetProperty("float_accuracy").GetDouble() - grids.GetProperty("accuracy").GetDouble();
        Assert.InRange(lost, grids.GetProperty("loss_low").GetDouble(), grids.GetProperty("loss_high").GetDouble());
        Assert.Equal("photons per MAC", plan.RootElement.GetProperty("noise").GetProperty("energy_unit").GetString());
        Assert.Contains("on 8-bit grids (percentile) without noise", await Output("plan", "show", "uniform.plan.json"), StringComparison.Ordinal);
        Assert.Contains("gains and offsets alone were learned", await Output("plan", "show", "ours.plan.json"), StringComparison.Ordinal);
        using JsonDocument compared = JsonDocument.Parse(
            await Output("plan", "compare", "uniform.plan.json", "ours.plan.json", "--limit", "100", "--threads", "1", "--json"));
        Assert.Equal(2, compared.RootElement.GetProperty("plans").GetArrayLength());
        Assert.Equal((100, 0.95), (compared.RootElement.GetProperty("images").GetInt32(), compared.RootElement.GetProperty("level").GetDouble()));
        Assert.Equal(78, await HilCommand.InvokeAsync(["model", "bits", "fashion-lenet", "--data", "fashion-mnist", "--limit", "50", "--plan", "uniform.plan.json"], Here));
        Assert.Contains("on grids", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(78, await HilCommand.InvokeAsync(["plan", "compare", "uniform.plan.json", "float.plan.json"], Here));
        Assert.Contains("on 8-bit grids (percentile)", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Learn_FromTheExamplesThatItWouldBeCertifiedOn_IsRefused()
    {
        string images = Path.Combine(_terminal.Current, "images");
        Directory.CreateDirectory(images);
        WriteIdx(Path.Combine(images, "t10k-images-idx3-ubyte"), 300, 28, 28);
        WriteIdx(Path.Combine(images, "t10k-labels-idx1-ubyte"), 300);
        Directory.CreateSymbolicLink(Path.Combine(_terminal.Current, "others"), images);

        int code = await HilCommand.InvokeAsync(["plan", "learn", "--model", "fashion-lenet", "--data", "images", "--calibration", "others"], Here);

        Assert.Equal(65, code);
        Assert.Contains("are those that the plan is searched and certified on", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LearnCompare_PerRowGroup_TellsTheCutsAndComparesWithLayers()
    {
        string[] small = ["--model", "fashion-lenet", "--max-images", "300", "--max-drop", "6", "--threads", "1", "--steps", "2"];
        int rows = await HilCommand.InvokeAsync(
            ["plan", "learn", .. small, "--granularity", "rows", "--tile-rows", "128", "--method", "integer", "--out", "rows.plan.json"], Here);
        int layers = await HilCommand.InvokeAsync(["plan", "learn", .. small[..^2], "--method", "uniform", "--out", "layers.plan.json"], Here);
        Assert.All([rows, layers], code => Assert.InRange(code, 0, 2));
        using JsonDocument plan = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_terminal.Current, "rows.plan.json")));
        Assert.Equal("rows", plan.RootElement.GetProperty("granularity").GetString());
        Assert.All(plan.RootElement.GetProperty("layers").EnumerateArray(), layer => Assert.Equal(
            layer.GetProperty("row_starts").GetArrayLength() - 1, layer.GetProperty("repeats").GetArrayLength()));
        Assert.Contains(plan.RootElement.GetProperty("layers").EnumerateArray(), layer => layer.GetProperty("repeats").GetArrayLength() > 1);
        using JsonDocument compared = JsonDocument.Parse(await Output("plan", "compare", "layers.plan.json", "rows.plan.json", "--limit", "100", "--json"));
        Assert.Equal(2, compared.RootElement.GetProperty("plans").GetArrayLength());
    }

    [Fact]
    public async Task Learn_TunedWeights_WritesTheModelBesideThePlanAndOverwritesNone()
    {
        string[] tuned =
        [
            "plan", "learn", "--model", "fashion-lenet", "--max-images", "300", "--max-drop", "6", "--noise", "weight:0.1", "--threads", "1", "--steps", "2",
            "--method", "corrected-tuned", "--law-profile", "paper-code", "--out", "tuned.plan.json",
        ];
        Assert.InRange(await HilCommand.InvokeAsync(tuned, Here), 0, 2);
        byte[] model = await File.ReadAllBytesAsync(Path.Combine(_terminal.Current, "tuned.onnx"));
        using JsonDocument plan = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_terminal.Current, "tuned.plan.json")));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(model)), plan.RootElement.GetProperty("model").GetProperty("sha256").GetString());
        Assert.Equal("paper-code", plan.RootElement.GetProperty("noise").GetProperty("profile").GetString());
        Assert.Equal(73, await HilCommand.InvokeAsync(tuned, Here));
        Assert.Contains("tuned.onnx is there already", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(model, await File.ReadAllBytesAsync(Path.Combine(_terminal.Current, "tuned.onnx")));
        Assert.Equal(
            ["tuned.onnx", "tuned.plan.json", "tuned.preprocess.json"], Directory.GetFiles(_terminal.Current).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Equal([255.0], Preprocessing.ForModel(Path.Combine(_terminal.Current, "tuned.onnx")).Std);
    }

    [Fact]
    public async Task Learn_DefaultPlaceIsTaken_IsRefusedBeforeAnythingIsLearned()
    {
        string taken = FakeTerminal.Touch(_terminal.Current, "fashion-lenet-uniform-integer.plan.json");

        int code = await HilCommand.InvokeAsync(["plan", "learn", .. Quick], Here);

        Assert.Equal(73, code);
        Assert.Contains($"{taken} is there already", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("--out", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("1/4", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(await File.ReadAllTextAsync(taken));
    }

    [Fact]
    public async Task Learn_StoppedWhileItsLineOfProgressStands_TakesTheLineAway()
    {
        using var stop = new CancellationTokenSource();
        using var progress = new FirstLine(stop.Cancel);

        int code = await HilCommand.InvokeAsync(
            ["plan", "learn", .. Quick, "--out", "a.json"], Here with { Error = progress, IsInteractive = true }, stop.Token);

        Assert.Equal(75, code);
        Assert.Contains(" \rhil: stopped on request", progress.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, "--profile")]
    [InlineData(64, "--fewest-bits is 17, must be a whole number, 2 to 16", "--profile", ".", "--fewest-bits", "17")]
    [InlineData(64, "2 to 16", "--profile", ".", "--fewest-bits", "1")]
    [InlineData(78, "hil run --out", "--profile", "nowhere")]
    public async Task Bits_BadInput_EndsWithItsCodeAndSaysWhy(int expected, string message, params string[] options)
    {
        Assert.Equal(expected, await HilCommand.InvokeAsync(["plan", "bits", .. options], Here));
        Assert.Contains(message, _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, "'best'", "--method", "best")]
    [InlineData(64, "--max-drop is 0, must lie strictly between 0 and 100", "--max-drop", "0")]
    [InlineData(64, "--noise and --profile both say what the noise is", "--noise", "thermal:0.01", "--profile", "runs/a")]
    [InlineData(65, "leave @36 out", "--noise", "thermal:0.01@36")]
    [InlineData(65, "without noise", "--noise", "weight:0")]
    [InlineData(65, "too few to certify a drop below 0.10 points", "--max-drop", "0.1", "--max-images", "250")]
    [InlineData(78, "0.5", "--method", "integer", "--budget", "0.5", "--max-images", "250")]
    [InlineData(73, "choose another place with --out", "--out", "no/such/place/plan.json")]
    [InlineData(65, "no model 'nothing'", "--model", "nothing")]
    [InlineData(73, "would be both the plan and the model", "--method", "corrected-tuned", "--noise", "weight:0.1", "--out", "a.onnx")]
    [InlineData(64, "--budget has no effect", "--method", "uniform", "--budget", "2")]
    [InlineData(64, "--budget has no effect", "--method", "uniform-integer", "--budget", "2")]
    [InlineData(64, "--steps has no effect", "--method", "uniform", "--steps", "2")]
    [InlineData(64, "--steps has no effect", "--method", "uniform-integer", "--steps", "2")]
    [InlineData(64, "needs to know what one tile reads", "--granularity", "rows")]
    [InlineData(64, "--tile-rows is for --granularity rows", "--tile-rows", "64")]
    [InlineData(64, "learns energies of layers or channels", "--method", "corrected-tuned", "--granularity", "rows", "--tile-rows", "64")]
    [InlineData(64, "--programming is not taken with --law-profile", "--law-profile", "paper-code", "--programming", "0.01")]
    [InlineData(64, "--upper-limits is of a measured sigma", "--upper-limits")]
    [InlineData(64, "--quantised is for a law", "--quantised", "min-max", "--granularity", "rows", "--tile-rows", "64")]
    [InlineData(64, "--method corrected-tuned writes float32 weights", "--quantised", "min-max", "--method", "corrected-tuned")]
    [InlineData(64, "use --method corrected, which learns gains and offsets", "--noise", "shot:1", "--method", "corrected-ranges")]
    [InlineData(65, "too few to certify a drop below 0.10 points", "--law-profile", "corrected", "--programming", "0.01", "--max-drop", "0.1", "--max-images", "250")]
    [InlineData(78, "gains of the whole product", "--noise", "shot-fixed:1", "--granularity", "rows", "--tile-rows", "64")]
    [InlineData(65, "one noise at a time", "--law-profile", "paper-code", "--noise", "shot-fixed:1")]
    [InlineData(65, "one noise at a time", "--law-profile", "paper-code", "--noise", "thermal:0.01+weight:0.1")]
    public async Task Learn_BadInput_EndsWithItsCodeAndSaysWhy(int expected, string message, params string[] options)
    {
        string[] model = options.Contains("--model") ? [] : ["--model", "fashion-lenet"];
        int code = await HilCommand.InvokeAsync(["plan", "learn", .. model, .. options], Here);

        Assert.Equal(expected, code);
        Assert.Contains(message, _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_terminal.Current));
    }

    [Fact]
    public async Task Learn_LabelsThatAreNotTheModels_Is65AndNamesLabelAndClasses()
    {
        string images = Directory.CreateDirectory(Path.Combine(_terminal.Current, "images")).FullName;
        foreach (string split in new[] { "t10k", "calib" })
        {
            WriteIdx(Path.Combine(images, $"{split}-images-idx3-ubyte"), 300, 28, 28);
            WriteIdx(Path.Combine(images, $"{split}-labels-idx1-ubyte"), 300);
        }

        int code = await HilCommand.InvokeAsync(["plan", "learn", "--model", "fashion-lenet", "--data", "images", "--json"], Here);

        Assert.Equal(65, code);
        using JsonDocument refused = JsonDocument.Parse(_terminal.Output.ToString());
        JsonElement error = refused.RootElement.GetProperty("error");
        Assert.Matches("label is [0-9]+, the network's classes are 0 to 9", error.GetProperty("message").GetString());
        Assert.Equal("take the labels that belong to the model", error.GetProperty("remedy").GetString());
    }

    [Fact]
    public async Task Learn_TargetOutOfReachOfAnyK_WritesThePlanWithTheReasonAndWhatWouldHelp()
    {
        // A file that --out names is replaced. One read of everything is all that is allowed, and its noise costs far more than half a point.
        FakeTerminal.Touch(_terminal.Current, "a.json");
        int code = await HilCommand.InvokeAsync(["plan", "learn", .. Quick, "--out", "a.json"], Here);

        Assert.Equal(1, code);
        Assert.Contains("REJECT", _terminal.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("allow a larger drop or use a quieter device", _terminal.Output.ToString(), StringComparison.Ordinal);
        using JsonDocument plan = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_terminal.Current, "a.json")));
        Assert.False(plan.RootElement.GetProperty("prediction").GetProperty("reachable").GetBoolean());
    }

    [Theory]
    [InlineData("advice")]
    [InlineData("points")]
    [InlineData("assumptions")]
    public async Task Show_PlanWithoutAnArrayThatMayBeLeftOut_ShowsTheRest(string name)
    {
        JsonObject plan = JsonNode.Parse(PlanFileJson.Serialize(SamplePlan.Whole()))!.AsObject();
        plan["sha256"] = null;
        plan.Remove(name);
        await File.WriteAllTextAsync(Path.Combine(_terminal.Current, "a.json"), plan.ToJsonString());

        Assert.Contains("ACCEPT", await Output("plan", "show", "a.json"), StringComparison.Ordinal);
        Assert.Contains($"\"{name}\": []", await Output("plan", "show", "a.json", "--json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_UnitWithBrackets_StandsAsItIs()
    {
        PlanFile plan = SamplePlan.Whole();
        plan = plan with { Noise = plan.Noise with { EnergyUnit = "reads [per MAC]" } };
        await File.WriteAllTextAsync(Path.Combine(_terminal.Current, "a.json"), PlanFileJson.Serialize(plan));

        Assert.Contains("reads [per MAC]", await Output("plan", "show", "a.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_EnergyInPhotons_SaysSoWhereverItShowsOne()
    {
        PlanFile plan = SamplePlan.Continuous();
        plan = plan with { Noise = plan.Noise with { Law = "shot:1", EnergyUnit = PlanNoise.Photons } };
        await File.WriteAllTextAsync(Path.Combine(_terminal.Current, "a.json"), PlanFileJson.Serialize(plan));

        string shown = Words(await Output("plan", "show", "a.json"));
        string compared = Words(await Output("plan", "compare", "a.json", "a.json", "--recorded"));

        Assert.Contains("E is the energy in photons per MAC", shown, StringComparison.Ordinal);
        Assert.Contains("energy in photons per MAC", compared, StringComparison.Ordinal);
        Assert.DoesNotContain("in reads", shown + compared, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(await Output("plan", "compare", "a.json", "a.json", "--recorded", "--json"));
        Assert.Equal(PlanNoise.Photons, json.RootElement.GetProperty("energy_unit").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("images").ValueKind);
    }

    [Fact]
    public async Task Show_MeasuredNoise_HasTheLimitsAndNOfEverySigma()
    {
        PlanFile plan = SamplePlan.Whole();
        plan = plan with
        {
            Noise = plan.Noise with { Terms = [.. plan.Noise.Terms, new PlanNoiseTerm("weight", 0, 0, 0.002, 800, false)] },
        };
        await File.WriteAllTextAsync(Path.Combine(_terminal.Current, "a.json"), PlanFileJson.Serialize(plan));

        string shown = Words(await Output("plan", "show", "a.json"));

        Assert.Contains("thermal 0.01 [0.009, not bounded] (95 %, of full scale, n 1,000)", shown, StringComparison.Ordinal);
        Assert.Contains("weight not told from 0, below 0.002 (95 %, of full scale, n 800)", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--model", "fashion-lenet")]
    [InlineData("--data", "fashion-mnist")]
    [InlineData("--calibration", "fashion-mnist")]
    [InlineData("--draws", "5")]
    [InlineData("--limit", "100")]
    public async Task Compare_RecordedWithWhatOnlyImagesNeed_Is64(string option, string value)
    {
        Assert.Equal(64, await HilCommand.InvokeAsync(["plan", "compare", "a.json", "b.json", "--recorded", option, value], Here));
        Assert.Contains("--recorded passes no images", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_PlanWithoutHash_TellsTheHashOfWhatItWrote()
    {
        JsonObject plan = JsonNode.Parse(PlanFileJson.Serialize(SamplePlan.Whole()))!.AsObject();
        plan["sha256"] = null;
        await File.WriteAllTextAsync(Path.Combine(_terminal.Current, "a.json"), plan.ToJsonString());

        using JsonDocument told = JsonDocument.Parse(await Output("plan", "export", "a.json", "--out", "copy.json", "--json"));

        PlanFile copy = PlanFileJson.Read(Path.Combine(_terminal.Current, "copy.json"));
        Assert.NotNull(copy.Sha256);
        Assert.Equal(copy.Sha256, told.RootElement.GetProperty("plan_sha256").GetString());
    }

    [Fact]
    public async Task Schema_NamesOfMethods_AreThoseOfTheProgram()
    {
        using JsonDocument schema = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "config", "plan.schema.json")));
        string told = schema.RootElement.GetProperty("properties").GetProperty("method").GetProperty("properties").GetProperty("name").GetProperty("description").GetString()!;

        Assert.Equal(MethodChoice.Names.AsEnumerable(), told.Split([", ", " or "], StringSplitOptions.None).AsEnumerable());
    }

    [Fact]
    public async Task Export_FileIsThereAlready_IsReplacedAsAWhole()
    {
        string text = PlanFileJson.Serialize(SamplePlan.Whole());
        string copy = Path.Combine(_terminal.Current, "copy.json");
        await File.WriteAllTextAsync(Path.Combine(_terminal.Current, "a.json"), text);
        await File.WriteAllTextAsync(copy, "an older plan");
        File.CreateSymbolicLink(Path.Combine(_terminal.Current, "link.json"), copy);
        using var reader = new StreamReader(new FileStream(copy, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

        await Output("plan", "export", "a.json", "--out", "link.json");

        // Who has the old file open reads it to its end: it was not written over.
        Assert.Equal("an older plan", await reader.ReadToEndAsync());
        Assert.Equal(text, await File.ReadAllTextAsync(copy));
        Assert.Equal(copy, new FileInfo(Path.Combine(_terminal.Current, "link.json")).LinkTarget);
        Assert.Equal(3, Directory.GetFiles(_terminal.Current).Length);
    }

    [Theory]
    [InlineData("/proc/a.plan.json", "/proc/a.plan.json cannot be written")]
    [InlineData(".", "is a directory, a file is needed")]
    public async Task Learn_PlaceThatNoFileCanBeMadeIn_IsRefusedBeforeAnythingIsLearned(string place, string message)
    {
        int code = await HilCommand.InvokeAsync(["plan", "learn", .. Quick, "--out", place], Here);

        Assert.Equal(73, code);
        Assert.Contains(message, _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("uniform", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Learn_PlaceIsGoneWhenThePlanIsThere_PrintsThePlanAndEndsWith73()
    {
        string place = Directory.CreateDirectory(Path.Combine(_terminal.Current, "place")).FullName;
        using var progress = new FirstLine(() => Directory.Delete(place));

        int code = await HilCommand.InvokeAsync(["plan", "learn", .. Quick, "--out", "place/a.plan.json", "--json"], Here with { Error = progress });

        Assert.Equal(73, code);
        string[] lines = _terminal.Output.ToString().TrimEnd('\n').Split('\n');
        PlanFile plan = PlanFileJson.Deserialize(string.Join('\n', lines[..^1]) + "\n", "what was printed");
        Assert.Equal("uniform-integer", plan.Method.Name);
        Assert.Contains("a.plan.json cannot be written", JsonNode.Parse(lines[^1])!["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExportAndCompare_WrongFilesOrPlaces_AreRefusedWithTheWayOut()
    {
        Assert.Equal(65, await HilCommand.InvokeAsync(["plan", "export", "none.json"], Here));
        Assert.Contains("check the path", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(64, await HilCommand.InvokeAsync(["plan", "compare", "one.json"], Here));
        Assert.Equal(65, await HilCommand.InvokeAsync(["plan", "compare", "one.json", "two.json"], Here));
    }

    [Fact]
    public async Task Show_NoPlan_Is65WithPlaceAndRemedy()
    {
        await File.WriteAllTextAsync(Path.Combine(_terminal.Current, "a.json"), "{\n \"schema\": \"analoghil.plan/1\",\n \"models\": 3 }");

        int code = await HilCommand.InvokeAsync(["plan", "show", "a.json"], Here);

        Assert.Equal(65, code);
        Assert.Contains("a.json: line 3", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("hil plan learn", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Learn_ProfileOfADirectoryWithoutRecord_SaysSo()
    {
        int code = await HilCommand.InvokeAsync(["plan", "learn", "--profile", "."], Here);

        Assert.Equal(78, code);
        Assert.Contains("holds no campaign", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _terminal.Dispose();

    // The format of MNIST: a magic number, the extents, then bytes; here byte i is i modulo 256, so that labels run beyond ten classes.
    private static void WriteIdx(string path, params int[] extents)
    {
        using FileStream file = File.Create(path);
        file.Write([0, 0, 8, (byte)extents.Length]);
        foreach (int extent in extents)
        {
            file.Write([0, 0, (byte)(extent >> 8), (byte)extent]);
        }

        file.Write([.. Enumerable.Range(0, extents.Aggregate((a, b) => a * b)).Select(i => (byte)i)]);
    }

    // However lines are broken to the width.
    private static string Words(string shown) => string.Join(' ', shown.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task<string> Output(params string[] command)
    {
        _terminal.Output.GetStringBuilder().Clear();
        Assert.Equal(0, await HilCommand.InvokeAsync(command, Here));
        return _terminal.Output.ToString();
    }

    /// <summary>Does something when the first line of progress is written, whether it stays or is to change.</summary>
    private sealed class FirstLine(Action then) : StringWriter
    {
        private bool _written;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            Once();
        }

        public override void Write(string? value)
        {
            base.Write(value);
            Once();
        }

        private void Once()
        {
            if (!_written)
            {
                _written = true;
                then();
            }
        }
    }
}
