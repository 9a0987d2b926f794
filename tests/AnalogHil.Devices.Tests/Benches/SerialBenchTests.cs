using System.Text.Json;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Tests.Benches;

public sealed class SerialBenchTests
{
    private const string Good = """
        {
          "driver": "serial", "name": "b", "description": "d", "architecture": "homodyne",
          "serial": { "port": "/dev/ttyUSB0", "baud": 115200, "watchdogMilliseconds": 500 }
        }
        """;

    [Fact]
    public void Load_APort_HoldsWhatTheFileSays()
    {
        using TemporaryBench file = new(Good);
        SerialBench bench = Assert.IsType<SerialBench>(BenchFile.Load(file.Path));
        Assert.Equal(("/dev/ttyUSB0", 115_200, DeviceArchitecture.Homodyne), (bench.Port, bench.Baud, bench.Architecture));
        Assert.Equal(TimeSpan.FromMilliseconds(500), bench.LongestWatchdog);
        Assert.Null(bench.Launch);
    }

    [Theory]
    [InlineData("serial-posix")]
    [InlineData("serial-qemu")]
    public void Load_AShippedBench_StartsAProgramAndSaysHowToBuildIt(string name)
    {
        SerialBench bench = Assert.IsType<SerialBench>(BenchFile.Load(Repository.Config("benches", name + ".json")));
        Assert.Equal(name, bench.Name);
        Assert.Null(bench.Port);
        Assert.Contains(bench.Launch!.Command, word => word.StartsWith("@firmware-stubs/build/", StringComparison.Ordinal));
        Assert.Contains("cmake --build", bench.Launch.Build, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ErrorsEverywhere_AreAllSaid()
    {
        using TemporaryBench file = new("""
            { "driver": "serial", "name": "b", "description": "d", "architecture": "crosbar", "seed": 1,
              "serial": { "port": "/dev/ttyUSB0", "baud": 300, "launch": { "command": [] } }, "guard": { "retries": -1 } }
            """);
        BenchFileException error = Assert.Throws<BenchFileException>(() => BenchFile.Load(file.Path));
        Assert.Equal(
            ["/architecture", "/guard/retries", "/seed", "/serial/baud", "/serial/launch/command", "/serial/port"],
            error.Errors.Select(each => each.Location).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Load_UnknownDriver_NamesTheKnownOnes()
    {
        using TemporaryBench file = new(Good.Replace("\"serial\",", "\"seriel\",", StringComparison.Ordinal));
        BenchFileError error = Assert.Single(Assert.Throws<BenchFileException>(() => BenchFile.Load(file.Path)).Errors);
        Assert.Equal("/driver", error.Location);
        Assert.Contains("simulated, serial", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AsSimulated_IsRefused()
    {
        using TemporaryBench file = new(Good);
        Assert.Equal("/driver", Assert.Single(Assert.Throws<BenchFileException>(() => Bench.Load(file.Path)).Errors).Location);
    }

    [Fact]
    public void Schema_EverySection_HasThePropertiesThatTheParserAsksFor()
    {
        JsonElement schema = JsonDocument.Parse(File.ReadAllBytes(Repository.Config("serial-bench.schema.json"))).RootElement;
        JsonElement serial = schema.GetProperty("properties").GetProperty("serial");
        JsonElement launch = serial.GetProperty("properties").GetProperty("launch");
        foreach ((string place, JsonElement section) in new[] { ("", schema), ("/serial", serial), ("/serial/launch", launch) })
        {
            string[] names = [.. section.GetProperty("properties").EnumerateObject().Select(property => property.Name)];
            Assert.False(section.GetProperty("additionalProperties").GetBoolean());
            Assert.Equal(Asked(place).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        }
    }

    // An unknown property makes the parser name all it asks for.
    private static string[] Asked(string place)
    {
        string probe = place switch
        {
            "" => Good.Replace("\"name\":", "\"zzz\": 1, \"name\":", StringComparison.Ordinal),
            "/serial" => Good.Replace("\"port\":", "\"zzz\": 1, \"port\":", StringComparison.Ordinal),
            _ => Good.Replace("\"port\": \"/dev/ttyUSB0\"", "\"launch\": { \"zzz\": 1, \"command\": [\"a\"] }", StringComparison.Ordinal),
        };
        using TemporaryBench file = new(probe);
        BenchFileError error = Assert.Single(Assert.Throws<BenchFileException>(() => BenchFile.Load(file.Path)).Errors);
        Assert.Equal(place + "/zzz", error.Location);
        const string before = "write one of ";
        return error.Remedy[(error.Remedy.IndexOf(before, StringComparison.Ordinal) + before.Length)..].Split(", ");
    }
}
