using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Runtime.CompilerServices;
using AnalogHil.Precision.PlanFiles;

namespace AnalogHil.Precision.Tests.PlanFiles;

public sealed class PlanFileJsonTests
{
    [Fact]
    public void Serialize_ThenDeserialize_GivesTheSamePlanAndText()
    {
        string text = PlanFileJson.Serialize(SamplePlan.Whole());

        PlanFile read = PlanFileJson.Deserialize(text, "a.plan.json");

        Assert.Equal(text, PlanFileJson.Serialize(read));
        Assert.Equal([2, 5], read.Layers.Select(layer => layer.Repeats!.Value[0]));
        Assert.Equal(64, read.Sha256!.Length);
        Assert.Null(read.Energy.High);
        Assert.Equal(0.04, read.Method.Options["learning_rate"]);
    }

    [Fact]
    public void Serialize_ContinuousEnergiesPerChannel_KeepEveryBit()
    {
        PlanFile plan = SamplePlan.Continuous();

        PlanFile read = PlanFileJson.Deserialize(PlanFileJson.Serialize(plan), "a.plan.json");

        Assert.Equal(plan.Layers.SelectMany(layer => layer.Energy), read.Layers.SelectMany(layer => layer.Energy));
        Assert.All(read.Layers, layer => Assert.Null(layer.Repeats));
    }

    [Fact]
    public void Hash_IsThatOfTheTextWithZerosInItsPlace()
    {
        string text = PlanFileJson.Serialize(SamplePlan.Whole());
        string told = JsonNode.Parse(text)!["sha256"]!.GetValue<string>();

        byte[] hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text.Replace(told, new string('0', 64), StringComparison.Ordinal)));

        Assert.Equal(Convert.ToHexStringLower(hash), told);
    }

    [Fact]
    public void Deserialize_ChangedText_IsRefusedByItsHash()
    {
        string text = PlanFileJson.Serialize(SamplePlan.Whole()).Replace("\"classes\": 10", "\"classes\": 11", StringComparison.Ordinal);

        PlanFileException refused = Assert.Throws<PlanFileException>(() => PlanFileJson.Deserialize(text, "a.plan.json"));

        Assert.Contains("a.plan.json: $.sha256 is", refused.Message, StringComparison.Ordinal);
        Assert.Contains("set sha256 to null if the change is meant", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("schema", "\"analoghil.plan/9\"", "$.schema is analoghil.plan/9, this program reads analoghil.plan/1")]
    [InlineData("granularity", "\"row\"", "$.granularity is 'row', must be one of layer, channel")]
    [InlineData("granularity", "3", "$.granularity")]
    [InlineData("layers", "[]", "$.layers is empty")]
    [InlineData("method.largest_energy", "0", "$.method.largest_energy is 0, must be a finite number above 0")]
    [InlineData("energy.per_mac", "-1", "$.energy.per_mac is -1, must be a finite number above 0")]
    [InlineData("energy.per_mac", "7", "$.energy.per_mac is 7, the layers' energies give 3.5")]
    [InlineData("model.sha256", "\"abc\"", "$.model.sha256 is 'abc', must be 64 lower-case hexadecimal digits")]
    [InlineData("layers.0.repeats", "[0]", "$.layers[0].repeats[0] is 0, must be at least 1")]
    [InlineData("layers.1.repeats", "[4]", "$.layers[1].repeats[0] is 4, must be at least 1 (everything is read once) and equal to energy[0], 5")]
    [InlineData("layers.0.energy", "[2, 2]", "$.layers[0].energy has 2 values, must have 1 (granularity layer)")]
    [InlineData("layers.0.macs", "5", "$.layers[0].macs is 5, must be dot_length x positions x channels = 900")]
    [InlineData("layers.1.mode", "\"often\"", "$.layers[1].mode is 'often'")]
    [InlineData("certificate.drop_high", "0.5", "$.certificate.verdict is ACCEPT although drop_high 0.5 is not below the target 0.02")]
    [InlineData("certificate.clean_accuracy", "1.5", "$.certificate.clean_accuracy is 1.5, must lie between 0 and 1")]
    [InlineData("certificate.level", "0.5", "$.certificate.level is 0.5, must lie between 0.5 and 1")]
    [InlineData("certificate.level", "0", "$.certificate.level is 0, must lie between 0.5 and 1")]
    [InlineData("noise.sigmas", "\"lower\"", "$.noise.sigmas is 'lower', must be one of upper-limits")]
    [InlineData("grids", "{ \"rule\": \"best\", \"input_bits\": 8, \"weight_bits\": 8, \"images\": 1, \"examples\": 1, \"float_accuracy\": 1, \"accuracy\": 1, \"loss_low\": 0, \"loss_high\": 0 }", "$.grids.rule is 'best', must be one of moving-average, min-max, percentile")]
    [InlineData("grids", "{ \"rule\": \"min-max\", \"input_bits\": 6, \"weight_bits\": 8, \"images\": 1, \"examples\": 1, \"float_accuracy\": 1, \"accuracy\": 1, \"loss_low\": 0, \"loss_high\": 0 }", "$.grids.input_bits is 6, must be 8")]
    [InlineData("model.macs", "0", "$.model.macs is 0, must be at least 1")]
    [InlineData("energy.level", "0", "$.energy.level is 0, must lie between 0 and 1")]
    [InlineData("energy.level", "1", "$.energy.level is 1, must lie between 0 and 1")]
    [InlineData("energy.high", "1", "$.energy.low is 2, must not be above high, 1")]
    [InlineData("energy.uniform_low", "13", "$.energy.uniform_low is 13, must not be above uniform_high, 12")]
    [InlineData("energy.ratio_low", "0.5", "$.energy.ratio_low is 0.5, must not be above ratio_high, 0.4")]
    [InlineData("energy.ratio", "0", "$.energy.ratio is 0, must be above 0")]
    [InlineData("energy.ratio", "1e999", "$.energy.ratio is Infinity, must be a finite number")]
    [InlineData("prediction.drop_standard_error", "-0.1", "$.prediction.drop_standard_error is -0.1, must be at least 0")]
    [InlineData("certificate.drop_low", "0.016", "$.certificate.drop_low is 0.016, must not be above drop_high, 0.015")]
    [InlineData("certificate.log_energy_high", "1e999", "$.certificate.log_energy_high is Infinity, must be a finite number")]
    [InlineData("method.budget", "1e999", "$.method.budget is Infinity, must be a finite number")]
    [InlineData("method.options.steps", "-1e999", "$.method.options.steps is -Infinity, must be a finite number")]
    [InlineData("layers.0.digital.offset", "[0, 1e999]", "$.layers[0].digital.offset[1] is Infinity, must be a finite number")]
    [InlineData("layers.0.digital.full_scale.input_high", "1e999", "$.layers[0].digital.full_scale.input_high is Infinity, must be a finite number")]
    [InlineData("layers.1.noise_bits", "1e999", "$.layers[1].noise_bits is Infinity, must be a finite number")]
    [InlineData("points.0.high", "0", "$.points[0].low is 0.005, must not be above high, 0")]
    [InlineData("noise.terms.0.sigma", "0.001", "$.noise.terms[0].sigma is 0.001, must lie between its limits, 0.009 and infinity")]
    [InlineData("noise.terms.0.high", "0.0095", "$.noise.terms[0].sigma is 0.01, must lie between its limits, 0.009 and 0.0095")]
    [InlineData("noise.kind", "\"law\"", "$.noise.law is null, must be a law such as thermal:0.01")]
    [InlineData("noise.law", "\"thermal:0.01\"", "$.noise.law is 'thermal:0.01', must be null")]
    [InlineData("noise.device", "null", "$.noise.device is null, must say where the noise was measured")]
    [InlineData("noise.record_sha256", "\"b\"", "$.noise.record_sha256 is 'b', must be 64 lower-case hexadecimal digits")]
    [InlineData("surprise", "1", "surprise")]
    public void Deserialize_WrongMember_IsRefusedWithPlaceValueAndRemedy(string path, string value, string expected)
    {
        string text = With(path, value);

        PlanFileException refused = Assert.Throws<PlanFileException>(() => PlanFileJson.Deserialize(text, "a.plan.json"));

        Assert.StartsWith("a.plan.json: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Contains("hil plan learn", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Serialize_NoiseOfALawThatIsNoneOrWasMeasured_IsRefused()
    {
        PlanFile plan = SamplePlan.Continuous();
        PlanNoise noise = SamplePlan.Whole().Noise with { Kind = PlanNoise.OfLaw, Law = "gravity:9.81" };

        string told = Assert.Throws<PlanFileException>(() => PlanFileJson.Serialize(plan with { Noise = noise })).Message;

        Assert.Contains("$.noise.law is 'gravity:9.81', must be a law", told, StringComparison.Ordinal);
        foreach (string member in new[] { "record", "record_sha256", "device" })
        {
            Assert.Contains($"$.noise.{member} is '", told, StringComparison.Ordinal);
        }

        Assert.Contains("$.noise.terms has 1 entries, must be empty", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Serialize_FigureThatIsNoNumber_IsRefusedWithItsPlace()
    {
        PlanFile plan = SamplePlan.Whole();
        plan = plan with { Prediction = plan.Prediction with { Drop = double.NaN } };

        Assert.Contains(
            "$.prediction.drop is NaN, must be a finite number",
            Assert.Throws<PlanFileException>(() => PlanFileJson.Serialize(plan)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Deserialize_SeveralErrors_TellsAllOfThem()
    {
        JsonNode plan = JsonNode.Parse(With("layers.0.repeats", "[0]"))!;
        plan["layers"]![1]!["passes"] = 3;

        PlanFileException refused = Assert.Throws<PlanFileException>(() => PlanFileJson.Deserialize(plan.ToJsonString(), "a"));

        Assert.Contains("$.layers[0].repeats[0]", refused.Message, StringComparison.Ordinal);
        Assert.Contains("$.layers[1].passes is 3", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model")]
    [InlineData("seeds")]
    [InlineData("method")]
    public void Deserialize_MissingMember_IsNamed(string name)
    {
        JsonObject plan = JsonNode.Parse(PlanFileJson.Serialize(SamplePlan.Whole()))!.AsObject();
        plan.Remove(name);

        PlanFileException refused = Assert.Throws<PlanFileException>(() => PlanFileJson.Deserialize(plan.ToJsonString(), "a"));

        Assert.Contains($"'{name}'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("advice")]
    [InlineData("points")]
    [InlineData("assumptions")]
    public void Deserialize_ArrayThatMayBeLeftOut_IsEmptyAndCanBeWrittenAgain(string name)
    {
        JsonObject plan = JsonNode.Parse(With("sha256", "null"))!.AsObject();
        Assert.True(plan.Remove(name));

        PlanFile read = PlanFileJson.Deserialize(plan.ToJsonString(), "a");

        Assert.Equal((name == "advice", name == "points", name == "assumptions"), (read.Advice.IsEmpty, read.Points.IsEmpty, read.Assumptions.IsEmpty));
        Assert.Empty(JsonNode.Parse(PlanFileJson.Serialize(read))![name]!.AsArray());
    }

    [Theory]
    [InlineData("layers", 1)]
    [InlineData("noise.terms", 0)]
    [InlineData("points", 0)]
    [InlineData("advice", 0)]
    [InlineData("assumptions", 0)]
    public void Deserialize_NothingInPlaceOfAnEntry_IsRefusedWithItsPlace(string path, int index) => Assert.Contains(
        $"$.{path}[{index}] is null, must be an entry",
        Assert.Throws<PlanFileException>(() => PlanFileJson.Deserialize(With($"{path}.{index}", "null"), "a")).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("layers.0.digital.gain", "[1]", "$.layers[0].digital.gain has 1 values, must have 2")]
    [InlineData("layers.0.digital.gain", "[1, -1]", "$.layers[0].digital.gain must be finite numbers above 0")]
    [InlineData("layers.0.digital.full_scale.weight_low", "[]", "$.layers[0].digital.full_scale.weight_low has 0 values, must have 2")]
    [InlineData("layers.0.digital.full_scale.input_low", "3", "$.layers[0].digital.full_scale.input_low is 3, must not be above input_high, 2")]
    [InlineData("layers.0.digital.full_scale.input_bits", "1", "$.layers[0].digital.full_scale.input_bits is 1, must be 2 to 16")]
    [InlineData("layers.0.digital.full_scale.weight_bits", "17", "$.layers[0].digital.full_scale.weight_bits is 17, must be 2 to 16")]
    [InlineData("layers.0.digital.full_scale.weight_low", "[-1, 0.75]", "$.layers[0].digital.full_scale.weight_low[1] is 0.75, must not be above weight_high[1], 0.5")]
    public void Deserialize_WrongCorrection_IsRefused(string path, string value, string told) => Assert.Contains(
        told, Assert.Throws<PlanFileException>(() => PlanFileJson.Deserialize(With(path, value), "a")).Message, StringComparison.Ordinal);

    [Fact]
    public void Deserialize_NoJson_TellsTheLine()
    {
        PlanFileException refused = Assert.Throws<PlanFileException>(() => PlanFileJson.Deserialize("{\n  \"schema\": oops\n}", "a.plan.json"));

        Assert.Contains("a.plan.json: line 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Csv_HasOneLineForEachChannelAndTheSameNumbers()
    {
        PlanFile plan = SamplePlan.Continuous();

        string[] lines = PlanCsv.Write(plan).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(1 + plan.Layers.Sum(layer => layer.Energy.Length), lines.Length);
        Assert.StartsWith("\"conv,1\",Conv,0,9,900,50,2,1,read-and-average,0.1,,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_WithALevelOfItsOwn_KeepsItAndWithoutOneHasTheUsual()
    {
        PlanFile plan = SamplePlan.Whole();
        plan = plan with { Certificate = plan.Certificate! with { Level = 0.975 } };
        JsonNode text = JsonNode.Parse(PlanFileJson.Serialize(plan))!;
        Assert.Equal(0.975, PlanFileJson.Deserialize(PlanFileJson.Serialize(plan), "a.plan.json").Certificate!.Level);
        Assert.Equal(0.975, text["certificate"]!["level"]!.GetValue<double>());
        text["certificate"]!.AsObject().Remove("level");
        text["sha256"] = null;
        Assert.Equal(0.95, PlanFileJson.Deserialize(text.ToJsonString(), "a.plan.json").Certificate!.Level);
    }

    [Fact]
    public void Read_OfAPlanThatDoesNotSayWhatWasGiven_LeavesItOpen()
    {
        JsonNode text = JsonNode.Parse(PlanFileJson.Serialize(SamplePlan.Whole()))!;
        text["sha256"] = null;
        PlanFile said = PlanFileJson.Deserialize(text.ToJsonString(), "a.plan.json");
        Assert.Equal((7ul, 64, "/data/more"), (said.Seeds.Given!.Value, said.Method.LargestEnergy!.Value, said.Data.LearningDirectory));

        text["seeds"]!.AsObject().Remove("given");
        text["method"]!.AsObject().Remove("largest_energy");
        text["data"]!.AsObject().Remove("learning_directory");
        PlanFile open = PlanFileJson.Deserialize(text.ToJsonString(), "a.plan.json");
        Assert.Equal(((ulong?)null, (double?)null, (string?)null), (open.Seeds.Given, open.Method.LargestEnergy, open.Data.LearningDirectory));
    }

    [Fact]
    public void Schema_InTheRepository_HasEveryMemberOfThePlanAndNoOther()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository(), "config", "plan.schema.json")));
        using JsonDocument plan = JsonDocument.Parse(PlanFileJson.Serialize(SamplePlan.Whole()));

        Same(schema.RootElement, plan.RootElement, "$", schema.RootElement);
    }

    private static void Same(JsonElement schema, JsonElement value, string at, JsonElement root)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            schema = root.GetProperty("$defs").GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out JsonElement items) && value.GetArrayLength() > 0)
        {
            Same(items, value[0], at + "[0]", root);
        }
        else if (value.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out JsonElement properties))
        {
            string[] inSchema = [.. properties.EnumerateObject().Select(member => member.Name).Order()];
            string[] inPlan = [.. value.EnumerateObject().Select(member => member.Name).Order()];
            Assert.True(inSchema.SequenceEqual(inPlan), $"{at}: schema has {string.Join(", ", inSchema)}; plan has {string.Join(", ", inPlan)}");
            Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
            foreach (JsonProperty member in value.EnumerateObject())
            {
                Same(properties.GetProperty(member.Name), member.Value, $"{at}.{member.Name}", root);
            }
        }
    }

    private static string With(string path, string value)
    {
        JsonNode plan = JsonNode.Parse(PlanFileJson.Serialize(SamplePlan.Whole()))!;
        plan["sha256"] = null;
        string[] steps = path.Split('.');
        JsonNode at = plan;
        foreach (string step in steps[..^1])
        {
            at = int.TryParse(step, out int index) ? at[index]! : at[step]!;
        }

        if (int.TryParse(steps[^1], out int last))
        {
            at[last] = JsonNode.Parse(value);
        }
        else
        {
            at[steps[^1]] = JsonNode.Parse(value);
        }

        return plan.ToJsonString();
    }

    private static string Repository([CallerFilePath] string thisFile = "")
    {
        string? folder = Path.GetDirectoryName(thisFile);
        while (folder is not null && !File.Exists(Path.Combine(folder, "AnalogHil.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder!;
    }
}
