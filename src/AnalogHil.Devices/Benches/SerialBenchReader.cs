using System.Collections.Immutable;
using System.Text.Json;
using AnalogHil.Devices.Guarding;

namespace AnalogHil.Devices.Benches;

/// <summary>Reads the bench file of a device behind a serial port.</summary>
internal static class SerialBenchReader
{
    public static SerialBench? Read(JsonNodeReader root, string path, string sha256)
    {
        root.Text("$schema", "-");
        string name = root.Text("name");
        string description = root.Text("description");
        string family = root.Choice("architecture", [.. BenchParameter.Architectures.Select(each => each.Name)]);
        JsonNodeReader serial = root.Child("serial", required: true);
        JsonNodeReader guard = root.Child("guard", required: false);
        JsonNodeReader fixedCosts = root.Child("static", required: false);
        root.Close();
        string port = serial.Text("port", "-");
        int baud = (int)serial.Integer("baud", 9600, 12_000_000);
        double watchdog = serial.Number("watchdogMilliseconds", 10, 60_000, "ms", 250);
        JsonNodeReader launch = serial.Child("launch", required: false);
        bool launched = serial.Has("launch");
        serial.Close();
        if (launched == serial.Has("port"))
        {
            serial.Report(
                "port", launched ? "is given, but the launched program brings its own" : "is missing, and there is no launch either",
                launched ? "remove one of them" : "add the port of the device, or launch with the program that emulates it");
        }

        GuardOptions watched = BenchReader.ReadGuard(guard);
        var statics = new List<ProfileValue>();
        BenchReader.ReadStatic(fixedCosts, profile: null, statics);
        LaunchedProgram? program = launched ? ReadLaunch(launch) : null;
        return family.Length == 0
            ? null
            : new SerialBench(
                path, name, description, BenchParameter.Architectures.First(each => each.Name == family).Architecture, sha256, watched,
                launched ? null : port, baud, TimeSpan.FromMilliseconds(watchdog), program)
            {
                StaticCosts = [.. statics],
            };
    }

    private static LaunchedProgram ReadLaunch(JsonNodeReader launch)
    {
        var command = ImmutableArray.CreateBuilder<string>();
        foreach (JsonElement word in launch.Items("command"))
        {
            if (word.ValueKind == JsonValueKind.String && word.GetString() is { Length: > 0 } text)
            {
                command.Add(text);
            }
            else
            {
                launch.Report("command", $"holds {word.GetRawText()}, texts are needed", "put every word in quotes");
            }
        }

        if (command.Count == 0)
        {
            launch.Report("command", "is missing or empty, program and arguments are needed", "add it");
        }

        string build = launch.Text("build", "-");
        launch.Close();
        return new LaunchedProgram(command.ToImmutable(), launch.Has("build") ? build : "");
    }
}
