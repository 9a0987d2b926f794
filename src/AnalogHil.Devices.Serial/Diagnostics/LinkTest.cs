using System.Numerics;
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
    /// <summary>Bulk commands on their way at a time: enough to keep the line full.</summary>
    private const int Ahead = 64;

    /// <summary>Runs the test.</summary>
    /// <param name="line">The line; closed at the end.</param>
    /// <param name="options">Sizes and faults.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops the test.</param>
    /// <exception cref="DeviceException">No answer, another build, or the line is gone.</exception>
    public static async Task<LinkTestReport> RunAsync(ISerialTransport line, LinkTestOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        FaultyTransport? faulty = options.Faults is { } faults ? new FaultyTransport(line, faults, options.Seed, time) : null;
        using var pump = new LinkPump(faulty ?? line, (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue), time);
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
                DeviceFault.Timeout, $"{line.Name}: the test was not done within {options.Limit.TotalSeconds} s ({state}); check rate, wiring and firmware", error);
        }
    }

    private static async Task<LinkTestReport> MeasureAsync(
        LinkPump pump, string port, FaultyTransport? faulty, LinkTestOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        WireHelloAnswer answer = await pump.Answered.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (answer.Status != WireHelloStatus.Ok)
        {
            throw new DeviceException(
                DeviceFault.Contradiction,
                $"{port} speaks versions {answer.VersionLowest} to {answer.VersionHighest} with schema {answer.Schema}, this program {LinkSchema.ProtocolLowest} to {LinkSchema.ProtocolHighest} with {LinkSchema.ShortHash} ({answer.Status}); install matching firmware");
        }

        var identity = WireIdentity.Read((await SendAsync(pump, WireOpcode.Identify, [], WireChannel.Control, cancellationToken).ConfigureAwait(false)).Span);
        double[] trips = await RoundTripsAsync(pump, options.Singles, time, cancellationToken).ConfigureAwait(false);
        (double seconds, int size, long wrong, long wrongBits) = await BulkAsync(pump, options, time, cancellationToken).ConfigureAwait(false);
        var device = WireCounters.Read((await SendAsync(pump, WireOpcode.Counters, [], WireChannel.Control, cancellationToken).ConfigureAwait(false)).Span);
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
            Commands = options.Singles + options.Bulk,
            Lost = 0,
            Wrong = wrong,
            Bits = 2L * 8 * options.Bulk * (size - WireCommandHeader.Size),
            WrongBits = wrongBits,
            Damaged = damaged,
            Frames = frames + device.FramesIn + damaged,
            Retransmits = again + device.Retransmit,
            BytesPerSecond = (double)options.Bulk * size / seconds,
            RoundTrips = trips,
            RoundTripOnWire = 1e7 / options.Baud * (OnWire(WireCommandHeader.Size) + OnWire(WireReplyHeader.Size)),
        };
    }

    private static async Task<double[]> RoundTripsAsync(LinkPump pump, int count, TimeProvider time, CancellationToken cancellationToken)
    {
        double[] trips = new double[count];
        for (int i = 0; i < count; i++)
        {
            long begin = time.GetTimestamp();
            await SendAsync(pump, WireOpcode.Echo, [], WireChannel.Control, cancellationToken).ConfigureAwait(false);
            trips[i] = time.GetElapsedTime(begin).TotalMicroseconds;
        }

        Array.Sort(trips);
        return trips;
    }

    private static async Task<(double Seconds, int Size, long Wrong, long WrongBits)> BulkAsync(
        LinkPump pump, LinkTestOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var random = new Random((int)options.Seed);
        int size = pump.Ask(link => link.MaxPayload);
        size = Math.Max(size, LinkSchema.MinPayload);
        var open = new Queue<(byte[] Sent, Task<ReadOnlyMemory<byte>> Reply)>();
        long wrong = 0, wrongBits = 0;
        long begin = time.GetTimestamp();
        for (int i = 0; i < options.Bulk || open.Count > 0;)
        {
            if (i < options.Bulk && open.Count < Ahead)
            {
                byte[] body = new byte[size - WireCommandHeader.Size];
                random.NextBytes(body);
                open.Enqueue((body, SendAsync(pump, WireOpcode.Echo, body, WireChannel.Bulk, cancellationToken)));
                i++;
                continue;
            }

            (byte[] sent, Task<ReadOnlyMemory<byte>> reply) = open.Dequeue();
            ReadOnlyMemory<byte> got = await reply.ConfigureAwait(false);
            long bits = Differing(sent, got.Span);
            wrongBits += bits;
            wrong += bits > 0 ? 1 : 0;
        }

        return (time.GetElapsedTime(begin).TotalSeconds, size, wrong, wrongBits);
    }

    private static async Task<ReadOnlyMemory<byte>> SendAsync(
        LinkPump pump, WireOpcode opcode, byte[] body, WireChannel channel, CancellationToken cancellationToken)
    {
        CommandReply reply = await pump.SendAsync(opcode, 0, body, channel, cancellationToken).ConfigureAwait(false);
        return reply.Status == WireStatus.Ok
            ? reply.Body
            : throw new DeviceException(DeviceFault.Contradiction, $"the device refuses {opcode} with {reply.Status}; install matching firmware");
    }

    private static long Differing(ReadOnlySpan<byte> sent, ReadOnlySpan<byte> got)
    {
        long bits = 8L * Math.Abs(sent.Length - got.Length);
        for (int i = 0; i < Math.Min(sent.Length, got.Length); i++)
        {
            bits += BitOperations.PopCount((uint)(sent[i] ^ got[i]));
        }

        return bits;
    }

    // Two zeros and one byte of stuffing: a short frame.
    private static int OnWire(int payload) => WireFrameHeader.Size + payload + LinkSchema.CrcSize + 3;
}
