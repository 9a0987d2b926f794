using System.Runtime.CompilerServices;
using System.Text.Json;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Lines;
using AnalogHil.Devices.Serial.Diagnostics;
using AnalogHil.V1;

namespace AnalogHil.Cli.Tests.Commands;

public sealed class LinkCommandTests : IDisposable
{
    private readonly FakeTerminal _terminal = new();

    [Fact]
    public async Task Test_SimulatedBench_SaysThatItHasNoLine()
    {
        string repository = Locate();

        int code = await HilCommand.InvokeAsync(
            ["link", "test", "crossbar"], _terminal.Terminal with { CurrentDirectory = repository, ProgramDirectory = repository });

        Assert.Equal((int)ExitCodes.Of(ErrorReason.BenchInvalid), code);
        Assert.Contains("has no line; name a bench with \"driver\": \"serial\", or a port", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_PortThatIsNotThere_NamesIt()
    {
        int code = await HilCommand.InvokeAsync(["link", "test", "/dev/ttyAnalogHilNone"], _terminal.Terminal);

        Assert.Equal((int)ExitCodes.Of(ErrorReason.DeviceUnavailable), code);
        Assert.Contains("/dev/ttyAnalogHilNone", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_Report_HoldsItsFigures()
    {
        var report = new LinkTestReport
        {
            Port = "/dev/ttyUSB0", Uid = "A-1", Firmware = "stub 1.0", Baud = 921_600, ChaosSeed = 7, Injected = 30, Commands = 200, Lost = 1, Wrong = 0,
            Bits = 1_000_000, WrongBits = 0, Damaged = 10, Frames = 500, Retransmits = 12, BytesPerSecond = 46_080,
            UploadBytesPerSecond = 82_944, ReadBytesPerSecond = 87_552, Reboots = 2, Interrupted = 3, RoundTrips = [700, 800, 900], RoundTripOnWire = 673,
        };

        using JsonDocument json = JsonDocument.Parse(LinkTestJson.Of(report));

        JsonElement root = json.RootElement;
        Assert.False(root.GetProperty("passed").GetBoolean());
        Assert.Equal(1, root.GetProperty("lost").GetInt64());
        Assert.Equal(0.5, root.GetProperty("share_of_line").GetDouble(), 12);
        Assert.Equal(0.9, root.GetProperty("upload_share_of_line").GetDouble(), 12);
        Assert.Equal(0.95, root.GetProperty("read_share_of_line").GetDouble(), 12);
        Assert.Equal((2, 3), (root.GetProperty("reboots").GetInt64(), root.GetProperty("commands_interrupted").GetInt64()));
        Assert.Equal(2009.5, root.GetProperty("round_trip_limit_us").GetDouble(), 9);
        Assert.Equal(800, root.GetProperty("round_trip_p50_us").GetDouble());
        Assert.InRange(0.02, root.GetProperty("frames_damaged_share_low").GetDouble(), root.GetProperty("frames_damaged_share_high").GetDouble());
    }

    [Fact]
    public async Task Discover_LinesWithoutADevice_SaysWhyAndIs69()
    {
        int code = await HilCommand.InvokeAsync(["bench", "discover", "/dev/ttyAnalogHilNone", "--json"], _terminal.Terminal);

        Assert.Equal((int)ExitCode.Unavailable, code);
        using JsonDocument json = JsonDocument.Parse(_terminal.Output.ToString()!);
        JsonElement line = Assert.Single(json.RootElement.GetProperty("lines").EnumerateArray());
        Assert.Equal("/dev/ttyAnalogHilNone", line.GetProperty("line").GetString());
        Assert.Contains("cannot be opened", line.GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vectors_OfThisProgram_AreExportedAndHoldWhenReadBack()
    {
        string directory = Directory.CreateTempSubdirectory("hil-vectors-").FullName;
        try
        {
            Assert.Equal(0, await HilCommand.InvokeAsync(["firmware", "vectors", "--export", directory, "--json"], _terminal.Terminal));
            using JsonDocument json = JsonDocument.Parse(_terminal.Output.ToString()!);
            Assert.True(json.RootElement.GetProperty("frames").GetInt32() + json.RootElement.GetProperty("broken_frames").GetInt32() >= 500);
            Assert.Equal(0, await HilCommand.InvokeAsync(["firmware", "vectors", directory], _terminal.Terminal));

            string broken = Path.Combine(directory, "broken.txt");
            string[] lines = await File.ReadAllLinesAsync(broken);
            lines[1] = "cobs" + lines[1][lines[1].IndexOf(' ', StringComparison.Ordinal)..];
            await File.WriteAllLinesAsync(broken, lines);
            Assert.Equal((int)ExitCode.DeviceFault, await HilCommand.InvokeAsync(["firmware", "vectors", directory], _terminal.Terminal));
            Assert.Contains("broken.txt, vector 1: gives Checksum, Stuffing is right", _terminal.Output.ToString(), StringComparison.Ordinal);

            await File.WriteAllTextAsync(broken, "no vector");
            Assert.Equal((int)ExitCode.BadInput, await HilCommand.InvokeAsync(["firmware", "vectors", directory], _terminal.Terminal));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    public void Dispose() => _terminal.Dispose();

    private static string Locate([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
