using System.Text.Json;
using AnalogHil.Cli;
using AnalogHil.Cli.Commands;
using AnalogHil.Devices.Serial.Tests.Transport;

namespace AnalogHil.Functional.Tests.Wires;

/// <summary>`hil bench discover` with firmware at the other end of the line.</summary>
public sealed class DiscoverTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("analoghil-test-");
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [FirmwareFact]
    public async Task Discover_WithWrite_MakesABenchFileThatFitsTheDeviceAndIsNeverOverwritten()
    {
        using var firmware = new FirmwareProcess("--architecture", "homodyne", "--uid", "BENCH-7", "--watchdog", "400");
        string bench = Path.Combine(Directory.CreateDirectory(Path.Combine(_directory.FullName, "config", "benches")).FullName, "mine.json");

        Assert.Equal((int)ExitCode.Accept, await DiscoverAsync(firmware.Port, "--write", bench));
        string written = await File.ReadAllTextAsync(bench);
        using (JsonDocument file = JsonDocument.Parse(written))
        {
            JsonElement serial = file.RootElement.GetProperty("serial");
            Assert.Equal(firmware.Port, serial.GetProperty("port").GetString());
            Assert.Equal(400, serial.GetProperty("watchdogMilliseconds").GetInt32());
            Assert.Equal("homodyne", file.RootElement.GetProperty("architecture").GetString());
        }

        Assert.Equal((int)ExitCode.CannotWrite, await DiscoverAsync(firmware.Port, "--write", bench));
        Assert.Contains("name another file", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(written, await File.ReadAllTextAsync(bench));

        (int code, JsonElement match) = await MatchAsync(firmware.Port);
        Assert.Equal(((int)ExitCode.Accept, "bench-7", true), (code, match.GetProperty("name").GetString(), match.GetProperty("fits").GetBoolean()));
    }

    [FirmwareFact]
    public async Task Discover_BenchFileForAnotherArchitecture_SaysSoAndIs65()
    {
        using var firmware = new FirmwareProcess("--architecture", "homodyne", "--uid", "BENCH-7");
        string bench = Path.Combine(Directory.CreateDirectory(Path.Combine(_directory.FullName, "config", "benches")).FullName, "mine.json");
        await DiscoverAsync(firmware.Port, "--write", bench);
        await File.WriteAllTextAsync(bench, (await File.ReadAllTextAsync(bench)).Replace("homodyne", "crossbar", StringComparison.Ordinal));

        (int code, JsonElement match) = await MatchAsync(firmware.Port);

        Assert.Equal((int)ExitCode.BadInput, code);
        Assert.Equal("is for a crossbar, BENCH-7 is a homodyne", match.GetProperty("problem").GetString());
    }

    [FirmwareFact]
    public async Task Discover_WithWriteAndTwoDevices_WritesNothing()
    {
        using var one = new FirmwareProcess("--uid", "BENCH-7");
        using var other = new FirmwareProcess("--uid", "BENCH-8");
        string bench = Path.Combine(_directory.FullName, "mine.json");

        Assert.Equal((int)ExitCode.Usage, await DiscoverAsync(one.Port, other.Port, "--write", bench));

        Assert.Contains("2 devices answer, a bench file is for one; name its port", _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(bench));
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task<(int Code, JsonElement Match)> MatchAsync(string port)
    {
        _output.GetStringBuilder().Clear();
        int code = await DiscoverAsync(port, "--json");
        using JsonDocument found = JsonDocument.Parse(_output.ToString());
        JsonElement line = Assert.Single(found.RootElement.GetProperty("lines").EnumerateArray());
        return (code, Assert.Single(line.GetProperty("benches").EnumerateArray()).Clone());
    }

    // A minute for the answer: a machine may be busy, and what is tested is not how soon it comes.
    private Task<int> DiscoverAsync(params string[] arguments) => HilCommand.InvokeAsync(
        ["bench", "discover", .. arguments, "--wait", "60"],
        new Terminal(_output, _error, IsInteractive: false, _directory.FullName, _directory.FullName, TimeProvider.System));
}
