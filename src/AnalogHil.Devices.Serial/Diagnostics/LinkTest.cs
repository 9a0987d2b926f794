using System.Security.Cryptography;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Faults;
using AnalogHil.Devices.Serial.Link;
using AnalogHil.Devices.Serial.Protocol;
using AnalogHil.Devices.Serial.Transport;

namespace AnalogHil.Devices.Serial.Diagnostics;

/// <summary>Measures a line and the firmware at its end with echoes; drives nothing, and needs no lease.</summary>
public static class LinkTest
{
    /// <summary>Runs the test.</summary>
    /// <param name="line">The line; closed at the end.</param>
    /// <param name="options">Sizes and faults.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops the test.</param>
    /// <exception cref="DeviceException">No answer, another build, or the line is gone.</exception>
    public static async Task<LinkTestReport> RunAsync(ISerialTransport line, LinkTestOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        FaultyTransport? faulty = options.Faults is { } faults ? new FaultyTransport(line, faults, options.Seed, time) : null;
        using var pump = new LinkPump(faulty ?? line, (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue), time) { Baud = options.Baud };
        using var limit = new CancellationTokenSource(options.Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await MeasureAsync(pump, line.Name, faulty, options, time, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            string state = pump.Ask(link => link.Answer is null ? "nothing answers HELLO" : $"the link is up, {link.Counts.FramesIn} good frames came in");
            throw new DeviceException(
                DeviceFault.Timeout, $"{line.Name}: the test was not done within {options.Limit.TotalSeconds} s ({state}); check rate, wiring "
                    + "and firmware", error);
        }
    }

    private static async Task<LinkTestReport> MeasureAsync(
        LinkPump pump, string port, FaultyTransport? faulty, LinkTestOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        HelloCheck.RequireAgreed(port, await pump.Answered.WaitAsync(cancellationToken).ConfigureAwait(false));
        var line = new LineMeasurement(pump, options, time, cancellationToken);
        var identity = WireIdentity.Read((await line.AskAsync(WireOpcode.Identify).ConfigureAwait(false)).Span);
        double[] trips = await line.RoundTripsAsync().ConfigureAwait(false);
        double both = await line.EchoesAsync().ConfigureAwait(false);
        double upload = await line.UploadAsync().ConfigureAwait(false);
        double read = await line.ReadAsync().ConfigureAwait(false);
        var device = WireCounters.Read((await line.AskAsync(WireOpcode.Counters).ConfigureAwait(false)).Span);
        (long damaged, long frames, long again) = pump.Ask(link => (
            link.Counts.Stuffing + link.Counts.Length + link.Counts.Checksum, link.Counts.FramesIn, link.Counts.Retransmits));
        damaged += device.Cobs + device.Length + device.Crc;
        return new LinkTestReport
        {
            Port = port,
            Uid = identity.Uid,
            Firmware = identity.Firmware,
            Baud = options.Baud,
            ChaosSeed = faulty is null ? null : options.Seed,
            Injected = faulty?.Faults ?? 0,
            Reboots = faulty?.Reboots ?? 0,
            Interrupted = line.Interrupted,
            Commands = options.Singles + options.Bulk + 2L * options.OneWay,
            Lost = 0,
            Wrong = line.Wrong,
            Bits = line.Bits,
            WrongBits = line.WrongBits,
            Damaged = damaged,
            Frames = frames + device.FramesIn + damaged,
            Retransmits = again + device.Retransmit,
            BytesPerSecond = both,
            UploadBytesPerSecond = upload,
            ReadBytesPerSecond = read,
            RoundTrips = trips,
            RoundTripOnWire = 1e7 / options.Baud * (OnWire(WireCommandHeader.Size) + OnWire(WireReplyHeader.Size)),
        };
    }

    // Two zeros and one byte of stuffing: a short frame.
    private static int OnWire(int payload) => WireFrameHeader.Size + payload + LinkSchema.CrcSize + 3;
}
