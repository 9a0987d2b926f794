using System.Diagnostics;
using System.Globalization;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Diagnostics;
using AnalogHil.Devices.Serial.Driver;
using AnalogHil.Devices.Serial.Tests.Transport;
using AnalogHil.Devices.Serial.Transport;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Serial.Tests.Diagnostics;

/// <summary>What a line of 921,600 baud carries: the firmware takes and sends no faster than that. Figures are printed; only what was carried is
/// judged.</summary>
public sealed class PacedLineTests(ITestOutputHelper output)
{
    private const int Baud = 921_600;

    [FirmwareFact]
    public async Task LinkTest_OfAPacedLine_MeasuresItsShares()
    {
        using var firmware = new FirmwareProcess("--pace", "921600");
        LinkTestReport report = await LinkTest.RunAsync(
            TermiosPort.Open(firmware.Port, Baud), new LinkTestOptions { Baud = Baud, Bulk = 100, OneWay = 300, Singles = 200 }, TimeProvider.System, default);

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"share of the line: upload {report.ShareOf(report.UploadBytesPerSecond):0.000}, bulk reads "
                + $"{report.ShareOf(report.ReadBytesPerSecond):0.000}, both at once {report.ShareOfLine:0.000}; round trip of 16 bytes, median "
                    + $"{report.RoundTrip(0.5) / 1000:0.000} ms, good up to {report.RoundTripLimit / 1000:0.000} ms"));
        Assert.True(report.Passed);

        // No clock is judged but the firmware's own pace: a line cannot carry more than it does.
        Assert.InRange(report.ShareOf(report.UploadBytesPerSecond), 0, 1.02);
        Assert.InRange(report.ShareOf(report.ReadBytesPerSecond), 0, 1.02);
    }

    [FirmwareFact]
    [Trait("Category", "Long")]
    public async Task Driver_OnAPacedLine_UploadsTilesAndReadsInBulk()
    {
        const int Tiles = 8, Side = 64, Vectors = 512;
        using var firmware = new FirmwareProcess("--pace", "921600", "--watchdog", "5000");
        await using SerialDevice device = await SerialDevice.OpenAsync(
            TermiosPort.Open(firmware.Port, Baud), new SerialDeviceOptions(), TimeProvider.System, default);
        await device.ArmAsync(1, default);
        float[] weights = [.. Enumerable.Range(0, Side * Side).Select(i => MathF.Sin(i))];
        BlockProgram[] blocks = [.. Enumerable.Range(0, Tiles).Select(tile => new BlockProgram(tile, Side, Side, weights, [new Placement(tile, 0, 0)]))];

        long begin = Stopwatch.GetTimestamp();
        await device.ProgramAsync(blocks, default);
        double upload = Tiles * Side * Side * sizeof(float) / Stopwatch.GetElapsedTime(begin).TotalSeconds;

        // One input of each vector's 64 is a byte, one output of its 64 is four: reads dominate.
        float[] outputs = new float[Vectors * Side];
        begin = Stopwatch.GetTimestamp();
        ExecuteReply reply = await device.ExecuteAsync(new ExecuteRequest(0, Vectors, new float[Vectors * Side], outputs), default);
        double read = (Vectors * Side * sizeof(float)) / Stopwatch.GetElapsedTime(begin).TotalSeconds;

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"through the driver, data alone: weights of {Tiles} tiles {upload / (Baud / 10.0):0.000} of the line, outputs of {Vectors} vectors "
                + $"with their inputs' upload and execution {read / (Baud / 10.0):0.000}"));
        Assert.Equal(ReplyChecksum.Of(outputs), reply.Checksum);
    }
}
