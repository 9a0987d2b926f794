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
            Bits = 1_000_000, WrongBits = 0, Damaged = 10, Frames = 500, Retransmits = 12, BytesPerSecond = 46_080, RoundTrips = [700, 800, 900], RoundTripOnWire = 673,
        };

        using JsonDocument json = JsonDocument.Parse(LinkTestJson.Of(report));

        JsonElement root = json.RootElement;
        Assert.False(root.GetProperty("passed").GetBoolean());
        Assert.Equal(1, root.GetProperty("lost").GetInt64());
        Assert.Equal(0.5, root.GetProperty("share_of_line").GetDouble(), 12);
        Assert.Equal(800, root.GetProperty("round_trip_p50_us").GetDouble());
        Assert.InRange(0.02, root.GetProperty("frames_damaged_share_low").GetDouble(), root.GetProperty("frames_damaged_share_high").GetDouble());
    }

    public void Dispose() => _terminal.Dispose();

    private static string Locate([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
