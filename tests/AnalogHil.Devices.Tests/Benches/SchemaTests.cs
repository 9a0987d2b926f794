using System.Text.Json;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Faults;

namespace AnalogHil.Devices.Tests.Benches;

/// <summary>The published schemas against the parser: the same properties everywhere, and the same words.</summary>
public sealed class SchemaTests
{
    private static readonly JsonElement BenchSchema = Read("bench.schema.json");
    private static readonly JsonElement ProfileSchema = Read("profile.schema.json");

    [Theory]
    [InlineData("crossbar", "crossbarPhysics")]
    [InlineData("homodyne", "homodynePhysics")]
    [InlineData("broadcast-and-weight", "broadcastAndWeightPhysics")]
    [InlineData("crossbar-cells", "crossbarPhysics", "crossbarCells")]
    [InlineData("homodyne-cells", "homodynePhysics", "homodyneCells")]
    [InlineData("broadcast-and-weight-cells", "broadcastAndWeightPhysics", "broadcastAndWeightCells")]
    public void BenchSchema_EverySection_HasThePropertiesThatTheParserAsksFor(string bench, string physics, string? cells = null)
    {
        string path = Repository.Config("benches", bench + ".json");
        string text = File.ReadAllText(path).TrimEnd().TrimEnd('}') + """, "faults": { "rules": [ { "fault": "dropReply" } ] } }""";
        (JsonNodeReader root, List<BenchFileError> errors) = BenchJson.Parse(path, System.Text.Encoding.UTF8.GetBytes(text));
        var reader = new BenchReader(root, name => DeviceProfile.Load(Repository.Config("profiles", name + ".json")));
        Assert.NotNull(reader.Read(path, ""));
        Assert.Empty(errors);

        Assert.Equal(cells is null ? 12 : 13, reader.Sections.Count);
        foreach ((string pointer, JsonNodeReader section) in reader.Sections)
        {
            JsonElement schema = BenchSchema;
            foreach (string step in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                schema = step == "*" ? schema.GetProperty("items") : schema.GetProperty("properties").GetProperty(step);
            }

            if (pointer == "/physics")
            {
                schema = BenchSchema.GetProperty("$defs").GetProperty(physics);
            }

            if (pointer == "/cells")
            {
                schema = BenchSchema.GetProperty("$defs").GetProperty(cells!);
            }

            Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
            Assert.Equal(section.Asked.Order(StringComparer.Ordinal), Names(schema));
        }
    }

    [Fact]
    public void BenchSchema_Parameters_HaveTheParsersLimits()
    {
        foreach ((string name, _) in BenchParameter.Architectures)
        {
            DeviceArchitecture architecture = BenchParameter.Architectures.First(each => each.Name == name).Architecture;
            JsonElement physics = Branch(BenchSchema, name, "physics").GetProperty("properties");
            JsonElement cells = Branch(BenchSchema, name, "cells").GetProperty("properties");
            foreach ((BenchParameter parameter, JsonElement properties) in BenchParameter.PhysicsOf(architecture).Select(each => (each, physics))
                .Concat(CellParameters.Of(architecture).Select(each => (each, cells))))
            {
                JsonElement property = properties.GetProperty(parameter.Name);
                Assert.Equal(parameter.Low, property.GetProperty("minimum").GetDouble());
                Assert.Equal(parameter.High, property.GetProperty("maximum").GetDouble());
            }
        }
    }

    [Fact]
    public void BenchSchema_Faults_AreTheInjectedOnes()
    {
        JsonElement rule = BenchSchema.GetProperty("properties").GetProperty("faults").GetProperty("properties").GetProperty("rules").GetProperty("items");
        Assert.Equal(
            Enum.GetNames<InjectedFault>().Select(kind => char.ToLowerInvariant(kind[0]) + kind[1..]),
            rule.GetProperty("properties").GetProperty("fault").GetProperty("enum").EnumerateArray().Select(word => word.GetString()));
    }

    [Theory]
    [InlineData("pcm-90nm")]
    [InlineData("homodyne-1550")]
    [InlineData("weightbank-1gsps")]
    public void ProfileSchema_Everywhere_HasThePropertiesThatTheParserAsksFor(string profile)
    {
        DeviceProfile read = DeviceProfile.Load(Repository.Config("profiles", profile + ".json"));
        string name = BenchParameter.Architectures.First(each => each.Architecture == read.Architecture).Name;
        Assert.Equal(
            BenchParameter.ProfileOf(read.Architecture).Select(parameter => parameter.Name).Order(StringComparer.Ordinal),
            Names(Branch(ProfileSchema, name, "values")));
        JsonElement defs = ProfileSchema.GetProperty("$defs");
        Assert.Equal(["class", "source", "unit", "valid", "value"], Names(defs.GetProperty("value")));
        Assert.Equal(["high", "low"], Names(defs.GetProperty("range")));
    }

    private static JsonElement Branch(JsonElement schema, string architecture, string property)
    {
        JsonElement branch = schema.GetProperty("allOf").EnumerateArray().Single(each =>
            each.GetProperty("if").GetProperty("properties").GetProperty("architecture").GetProperty("const").GetString() == architecture);
        string reference = branch.GetProperty("then").GetProperty("properties").GetProperty(property).GetProperty("$ref").GetString()!;
        return schema.GetProperty("$defs").GetProperty(reference["#/$defs/".Length..]);
    }

    private static IEnumerable<string> Names(JsonElement schema) =>
        schema.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllBytes(Repository.Config(file))).RootElement;
}
