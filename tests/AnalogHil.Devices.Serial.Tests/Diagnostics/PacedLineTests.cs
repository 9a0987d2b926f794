using System.Diagnostics;
using System.Globalization;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Diagnostics;
using AnalogHil.Devices.Serial.Driver;
using AnalogHil.Devices.Serial.Protocol;
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
            TermiosPort.Open(firmware.Port, Baud), new SerialDeviceOptions { Baud = Baud }, TimeProvider.System, default);
        await device.ArmAsync(1, default);
        float[] weights = [.. Enumerable.Range(0, Side * Side).Select(i => MathF.Sin(i))];
        BlockProgram[] blocks =
        [
            .. Enumerable.Range(0, Tiles).Select(tile => new BlockProgram(tile, Side, Side, weights, [new Placement(tile, 0, 0)])),
            new BlockProgram(Tiles, 1, Side, weights.AsMemory(0, Side), [new Placement(Tiles, 0, 0)]),
        ];
        for (int round = 0; round < 3; round++)
        {
            double upload = await SharesAsync(
                "weights", (Tiles * Side * Side + Side) * sizeof(float), WireCommandHeader.Size + WireProgramWeights.Size,
                () => device.ProgramAsync(blocks, default).AsTask());
            Assert.InRange(upload, 0, 1.02);

            // One row: of what is on the line, outputs are 99.6 %.
            float[] outputs = new float[Vectors * Side];
            ExecuteReply reply = default;
            double read = await SharesAsync(
                "outputs", outputs.Length * sizeof(float), WireReplyHeader.Size + WireOutputsHeader.Size,
                async () => reply = await device.ExecuteAsync(new ExecuteRequest(Tiles, Vectors, new float[Vectors], outputs), default));
            Assert.InRange(read, 0, 1.02);
            Assert.Equal(ReplyChecksum.Of(outputs), reply.Checksum);

            // As many rows as columns: a quarter as many bytes go up first, as codes of a byte.
            long begin = Stopwatch.GetTimestamp();
            reply = await device.ExecuteAsync(new ExecuteRequest(0, Vectors, new float[Vectors * Side], outputs), default);
            double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            double data = Vectors * Side * (1 + sizeof(float)) / seconds / (Baud / 10.0);
            output.WriteLine(FormattableString.Invariant(
                $"{Vectors} vectors of {Side} rows and columns, inputs, execution and outputs: {data:0.000} of the line is data"));
            Assert.Equal(ReplyChecksum.Of(outputs), reply.Checksum);
        }
    }

    // Payload is what frames carry, data what is left of it behind the headers of commands and replies.
    private async Task<double> SharesAsync(string what, int data, int header, Func<Task> move)
    {
        long begin = Stopwatch.GetTimestamp();
        await move();
        double line = Baud / 10.0 * Stopwatch.GetElapsedTime(begin).TotalSeconds;
        int messages = (int)Math.Ceiling(data / (double)(LinkSchema.MaxPayload - header));
        double payload = (data + (double)messages * header) / line;
        output.WriteLine(FormattableString.Invariant($"{what} through the driver: {payload:0.000} of the line is payload, {data / line:0.000} data"));
        return payload;
    }
}
