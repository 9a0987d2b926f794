using System.Collections.Immutable;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Faults;
using AnalogHil.Devices.Guarding;
using AnalogHil.Devices.Mapping;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Tests.Simulation;

namespace AnalogHil.Devices.Tests.Benches;

public sealed class BenchTests
{
    public static TheoryData<string> Files() => [.. Directory.GetFiles(Repository.Config("benches"), "*.json")
        .Where(file => BenchFile.Load(file) is Bench).Select(file => Path.GetFileName(file))];

    public static TheoryData<string> Profiles() => [.. Directory.GetFiles(Repository.Config("profiles"), "*.json").Select(file => Path.GetFileName(file))];

    [Fact]
    public void Files_OfTheRepository_AreTheKnownBenches() => Assert.Equal(
        [
            "broadcast-and-weight", "broadcast-and-weight-cells", "crossbar", "crossbar-cells", "crossbar-cells-flicker", "crossbar-cells-stuck",
            "crossbar-floor", "crossbar-weight", "faulty", "homodyne", "homodyne-cells", "ideal", "serial-posix", "serial-qemu",
        ],
        BenchCatalog.List(Repository.Config("benches")).Select(entry => entry.Bench!.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task OpenAsync_EveryBench_GivesAGuardedSafeDevice(string file)
    {
        Bench bench = Bench.Load(Repository.Config("benches", file));
        await using IAnalogDevice device = await bench.OpenAsync(TimeProvider.System);
        Assert.IsType<GuardedDevice>(device);
        Assert.Equal(bench.Architecture, (await device.IdentifyAsync(default)).Architecture);
        Assert.Equal(DeviceState.Safe, (await device.ReadTelemetryAsync(default)).State);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), bench.Name);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Load_EveryBench_HoldsTheResidualNetworkAndDithersItsConverter(string file)
    {
        Bench bench = Bench.Load(Repository.Config("benches", file));

        // At least the size of the embedded residual network: 201 k weights, N up to 864, grouped layers.
        MatrixShape[] shapes =
        [
            new("stem", 9, 32, 1), new("depthwise", 9, 96, 96), new("pointwise", 96, 96, 1), new("block", 864, 96, 1), new("block2", 864, 96, 1),
            new("inverted", 9, 192, 192), new("fc", 96, 10, 1),
        ];
        TileMap map = TileMapper.Map(shapes, bench.Device.Capabilities);
        Assert.True(map.CellsUsed < map.CellsTotal);

        double step = bench.Device.Capabilities.QuantiserStep;
        double receiver = Math.Sqrt(bench.Device.Physics.NoiseOf(1, 0).Constant);
        Assert.True(step == 0 || receiver >= 0.7 * step, $"receiver noise {receiver}, converter step {step}");
    }

    /// <summary>The whole chain of a bench, gain, offset and converter included: 65000 reads, 5 standard errors, false alarm 6e-7 for each bench.</summary>
    [Theory]
    [InlineData("crossbar")]
    [InlineData("homodyne")]
    [InlineData("broadcast-and-weight")]
    [InlineData("crossbar-weight")]
    public async Task Execute_OnABench_HasTheVarianceOfItsTruthAndConverter(string name)
    {
        const int columns = 32;
        const int vectors = 2048;
        await using var device = new SimulatedDevice(Bench.Load(Repository.Config("benches", name + ".json")).Device);
        int rows = device.Capabilities.Rows;
        BlockProgram block = SimulatedBench.Block(0, rows, columns, (row, _) => row % 2 == 0 ? 0.5f : -0.5f);
        await device.ArmAsync(1, default);
        await device.ProgramAsync([block], default);
        (float[] outputs, ExecuteReply reply) = await SimulatedBench.DriveAsync(device, block, vectors, _ => 0.25f);
        float[] corrected = [.. outputs.Select((y, i) => (y - device.Truth.Offset[0][i % columns]) / device.Truth.Gain[0][i % columns])];

        double driven = Math.Round(0.25 * Levels(device)) / Levels(device);
        (double variance, _) = SimulatedBench.Expected(device, Enumerable.Repeat(0.5, rows), Enumerable.Repeat(driven, rows));
        double step = device.Capabilities.QuantiserStep;
        double expected = variance + step * step / 12 * device.Truth.Gain[0].Take(columns).Average(gain => 1.0 / (gain * gain));
        double measured = SimulatedBench.PooledVariance(corrected, columns);
        Assert.InRange(measured / expected, 1 - 5 * Math.Sqrt(2.0 / (columns * vectors)), 1 + 5 * Math.Sqrt(2.0 / (columns * vectors)));
        Assert.Equal(0, reply.SaturatedReads);
    }

    [Fact]
    public async Task OpenAsync_AnotherSeed_GivesAnotherIndividual()
    {
        Bench bench = Bench.Load(Repository.Config("benches", "crossbar.json"));
        await using IAnalogDevice first = await bench.OpenAsync(TimeProvider.System);
        await using IAnalogDevice other = await bench.OpenAsync(TimeProvider.System, seed: 5);
        Assert.NotEqual((await first.IdentifyAsync(default)).Uid, (await other.IdentifyAsync(default)).Uid);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Load_EveryProfile_IsCompleteForItsArchitecture(string file)
    {
        DeviceProfile profile = DeviceProfile.Load(Repository.Config("profiles", file));

        // A technology's size and static power, where they are told at all: profiles that only stand for noise have none.
        bool isTechnology = file is not ("garg-reference.json" or "aimc-benchmark.json");
        Assert.Equal(
            BenchParameter.ProfileOf(profile.Architecture).Select(parameter => parameter.Name)
                .Except(isTechnology ? [] : BenchParameter.Static.Select(parameter => parameter.Name)).Order(StringComparer.Ordinal),
            profile.Values.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Load_FileWithManyErrors_ReportsAllOfThem()
    {
        using var folder = new TemporaryBench("""
            {
              "name": "", "description": "x", "architecture": "crossbar", "profile": "pcm-90mn", "seed": -1, "sed": 3,
              "geometry": { "rows": 256, "columns": "256", "tile": 4 },
              "converters": { "dacBits": 8, "adcBits": 99, "adcFullScale": 32 },
              "redundancy": { "readAndAverage": 16, "perColumn": 1 },
              "physics": { "readNoiseMicrosiemens": -2 },
              "faults": { "rules": [ { "fault": "dropRepli", "calls": [1.5] } ] }
            }
            """);
        BenchFileException error = Assert.Throws<BenchFileException>(() => Bench.Load(folder.Path, Repository.Config("profiles")));
        string[] expected =
        [
            "/name", "/profile", "/seed", "/sed", "/geometry/columns", "/geometry/tile", "/geometry/tiles", "/converters/adcBits", "/redundancy/perColumn",
            "/physics/readNoiseMicrosiemens", "/faults/rules/0/fault", "/faults/rules/0/calls",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), error.Errors.Select(each => each.Location).Order(StringComparer.Ordinal));
        Assert.Contains("did you mean pcm-90nm?", error.Message, StringComparison.Ordinal);
        Assert.Contains("did you mean seed?", error.Message, StringComparison.Ordinal);
        Assert.Contains("did you mean dropReply?", error.Message, StringComparison.Ordinal);
        Assert.Contains("/converters/adcBits: is 99, allowed is 0 to 16", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ValueOutsideTheProfilesRange_IsRefused()
    {
        string text = File.ReadAllText(Repository.Config("benches", "crossbar.json"))
            .Replace("\"readNoiseMicrosiemens\": 0.8", "\"readNoiseMicrosiemens\": 7", StringComparison.Ordinal);
        using var folder = new TemporaryBench(text);
        BenchFileException error = Assert.Throws<BenchFileException>(() => Bench.Load(folder.Path, Repository.Config("profiles")));
        BenchFileError only = Assert.Single(error.Errors);
        Assert.Equal("/physics/readNoiseMicrosiemens", only.Location);
        Assert.Contains("profile pcm-90nm holds from 0 to 6 uS", only.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_GuardAndHang_AreRead()
    {
        string text = File.ReadAllText(Repository.Config("benches", "crossbar.json")).TrimEnd().TrimEnd('}') + """
            , "guard": { "deadlineSeconds": 20, "safeDeadlineSeconds": 1.5, "safeAttempts": 3, "retries": 2, "maxSaturatedShare": 0.5 },
              "faults": { "rules": [ { "fault": "hang", "calls": [7] } ] } }
            """;
        using var folder = new TemporaryBench(text);
        Bench bench = Bench.Load(folder.Path, Repository.Config("profiles"));
        Assert.Equal(
            new GuardOptions
            {
                Deadline = TimeSpan.FromSeconds(20), SafeDeadline = TimeSpan.FromSeconds(1.5), SafeAttempts = 3, Retries = 2, MaxSaturatedShare = 0.5,
            },
            bench.Guard);
        Assert.Equal(InjectedFault.Hang, Assert.Single(bench.Faults.Rules).Fault);
    }

    [Theory]
    [InlineData("crossbar", "lumped")]
    [InlineData("crossbar-cells", "cells")]
    public void Load_Tier_IsTheOneThatTheFileNames(string name, string tier)
    {
        Bench bench = Bench.Load(Repository.Config("benches", name + ".json"));
        Assert.Equal(tier, bench.Tier);
        Assert.Equal(tier == "cells", bench.Values.Any(value => value.Name == "wireOhms"));
        Assert.Equal(tier == "lumped", bench.Values.Any(value => value.Name == "slowFraction"));
    }

    [Theory]
    [InlineData("\"tier\": \"cells\"", "\"tier\": \"lumped\"", "/cells", "the tier is lumped")]
    [InlineData("\"tier\": \"cells\"", "\"tier\": \"cell\"", "/tier", "allowed are lumped, cells")]
    [InlineData("\"readNoiseMicrosiemens\": 0.8", "\"slowFraction\": 0.1", "/physics/slowFraction", "have their own memory")]
    [InlineData("\"wireOhms\": 0.5", "\"wireOhms\": 50", "/cells/wireOhms", "holds from 0 to 5 ohm")]
    [InlineData("\"wireOhms\": 0.5", "\"wireOhm\": 0.5", "/cells/wireOhm", "unknown here")]
    public void Load_CellsThatCannotBe_AreRefusedWhereTheyStand(string from, string to, string location, string problem)
    {
        string text = File.ReadAllText(Repository.Config("benches", "crossbar-cells.json"));
        Assert.Contains(from, text, StringComparison.Ordinal);
        using var folder = new TemporaryBench(text.Replace(from, to, StringComparison.Ordinal));
        BenchFileException error = Assert.Throws<BenchFileException>(() => Bench.Load(folder.Path, Repository.Config("profiles")));
        Assert.Contains(error.Errors, each => each.Location == location && each.Problem.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Load_OnlyAProfile_IsEnoughForBothTiers(string file)
    {
        DeviceProfile profile = DeviceProfile.Load(Repository.Config("profiles", file));
        string architecture = BenchParameter.Architectures.First(each => each.Architecture == profile.Architecture).Name;
        foreach (string tier in new[] { "lumped", "cells" })
        {
            using var folder = new TemporaryBench($$"""
                { "name": "bare", "description": "only a profile", "architecture": "{{architecture}}", "profile": "{{profile.Name}}", "tier": "{{tier}}", "seed": 1,
                  "geometry": { "rows": 16, "columns": 16, "tiles": 1 }, "converters": { "dacBits": 8, "adcBits": 8, "adcFullScale": 8 }, "redundancy": { "readAndAverage": 4 } }
                """);
            Bench bench = Bench.Load(folder.Path, Repository.Config("profiles"));
            Assert.Equal(tier, bench.Tier);
            Assert.Empty(bench.Device.Problems());
            Assert.All(bench.Values, value => Assert.NotEqual("bench", value.Class));
        }
    }

    [Fact]
    public void Load_ProfileOfAnotherArchitecture_IsRefused()
    {
        string text = File.ReadAllText(Repository.Config("benches", "homodyne.json")).Replace("homodyne-1550", "pcm-90nm", StringComparison.Ordinal);
        using var folder = new TemporaryBench(text);
        BenchFileException error = Assert.Throws<BenchFileException>(() => Bench.Load(folder.Path, Repository.Config("profiles")));
        Assert.Contains(error.Errors, each => each.Location == "/profile" && each.Problem.Contains("describes Crossbar", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"safeDeadlineSeconds\": 12, \"safeAttempts\": 2", "36 s, at most 25 s are possible")]
    [InlineData("\"safeAttempts\": 9", "50 s, at most 25 s are possible")]
    [InlineData("\"safeDeadlineSeconds\": 13", "is 13, allowed is")]
    public void Load_MakingSafeOutlastsTheDaemonsStop_IsRefused(string guard, string expected)
    {
        string text = File.ReadAllText(Repository.Config("benches", "crossbar.json")).TrimEnd().TrimEnd('}') + $", \"guard\": {{ {guard} }} }}";
        using var folder = new TemporaryBench(text);
        BenchFileException error = Assert.Throws<BenchFileException>(() => Bench.Load(folder.Path, Repository.Config("profiles")));
        Assert.Contains(error.Errors, each => each.Location == "/guard/safeDeadlineSeconds" && each.Problem.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("crossbar", false)]
    [InlineData("homodyne", false)]
    [InlineData("broadcast-and-weight", true)]
    public void Load_InputConverterOfOneBit_IsForUnsignedInputsOnly(string bench, bool possible)
    {
        string text = System.Text.RegularExpressions.Regex.Replace(
            File.ReadAllText(Repository.Config("benches", bench + ".json")), "\"dacBits\": [0-9]+", "\"dacBits\": 1");
        using var folder = new TemporaryBench(text);
        if (possible)
        {
            Assert.Equal(1, Bench.Load(folder.Path, Repository.Config("profiles")).Device.DacBits);
            return;
        }

        BenchFileException error = Assert.Throws<BenchFileException>(() => Bench.Load(folder.Path, Repository.Config("profiles")));
        Assert.Equal("/converters/dacBits", Assert.Single(error.Errors).Location);
    }

    [Theory]
    [InlineData("{\n  \"name\" 1 }", "line 2, byte 10: ")]
    [InlineData("{ \"name\": ", "not valid JSON")]
    [InlineData("{ \"name\": \"a\", \"name\": \"b\" }", "not valid JSON")]
    [InlineData("[]", "an object is needed")]
    public void Load_NotAnObject_SaysWhy(string text, string reason)
    {
        using var folder = new TemporaryBench(text);
        BenchFileException error = Assert.Throws<BenchFileException>(() => Bench.Load(folder.Path));
        Assert.Contains(error.Errors, each => each.Problem.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_MissingFile_SaysWhich()
    {
        BenchFileException error = Assert.Throws<BenchFileException>(() => Bench.Load("/nowhere/bench.json"));
        Assert.Contains("/nowhere/bench.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void List_WithABrokenFile_KeepsItWithItsErrors()
    {
        using var folder = new TemporaryBench("{}");
        ImmutableArray<BenchCatalogEntry> entries = BenchCatalog.List(Path.GetDirectoryName(folder.Path)!);
        BenchCatalogEntry entry = Assert.Single(entries);
        Assert.Null(entry.Bench);
        Assert.NotEmpty(entry.Errors);
    }

    [Fact]
    public void Values_OfABench_NameTheirSource()
    {
        Bench bench = Bench.Load(Repository.Config("benches", "crossbar.json"));
        Assert.Equal("bench", bench.Values.Single(value => value.Name == "readNoiseMicrosiemens").Class);
        ProfileValue published = bench.Values.Single(value => value.Name == "maxConductanceMicrosiemens");
        Assert.Equal("literature", published.Class);
        Assert.Contains("Nandakumar", published.Source, StringComparison.Ordinal);
        Assert.Equal(25, ((CrossbarPhysics)bench.Device.Physics).MaxConductanceMicrosiemens);
    }

    private static int Levels(SimulatedDevice device) =>
        (1 << (device.Capabilities.SignedInputs ? device.Capabilities.DacBits - 1 : device.Capabilities.DacBits)) - 1;
}
