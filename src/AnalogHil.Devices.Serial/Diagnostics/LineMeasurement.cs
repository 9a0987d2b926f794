using System.Numerics;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Framing;
using AnalogHil.Devices.Serial.Link;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Diagnostics;

/// <summary>
/// What a line carries, measured with commands that drive nothing. All of them may be repeated, so that what was open at a reboot of the device is
/// sent again and
/// counted.
/// </summary>
internal sealed class LineMeasurement(LinkPump pump, LinkTestOptions options, TimeProvider time, CancellationToken cancellationToken)
{
    /// <summary>Bulk commands on their way at a time: enough to keep the line full.</summary>
    private const int Ahead = 64;

    private readonly Random _random = new((int)options.Seed);
    private readonly int _payload = Math.Max(pump.Ask(link => link.MaxPayload), LinkSchema.MinPayload);
    private long _interrupted;

    /// <summary>Commands that a reboot of the device made end without a reply, and that were sent again.</summary>
    public long Interrupted => Interlocked.Read(ref _interrupted);

    /// <summary>Commands answered with other bytes than they should be.</summary>
    public long Wrong { get; private set; }

    /// <summary>Bits compared, either way.</summary>
    public long Bits { get; private set; }

    /// <summary>Of them wrong.</summary>
    public long WrongBits { get; private set; }

    /// <summary>Sends a command without a body.</summary>
    public Task<ReadOnlyMemory<byte>> AskAsync(WireOpcode opcode) => SendAsync(opcode, [], WireChannel.Control);

    /// <summary>Round trips of a command of 16 bytes, one at a time, ascending, microseconds.</summary>
    public async Task<double[]> RoundTripsAsync()
    {
        double[] trips = new double[options.Singles];
        for (int i = 0; i < trips.Length; i++)
        {
            long begin = time.GetTimestamp();
            await SendAsync(WireOpcode.Echo, [], WireChannel.Control).ConfigureAwait(false);
            trips[i] = time.GetElapsedTime(begin).TotalMicroseconds;
        }

        Array.Sort(trips);
        return trips;
    }

    /// <summary>Full frames there and back; payload bytes a second each way.</summary>
    public Task<double> EchoesAsync() => FillAsync(options.Bulk, WireOpcode.Echo, () => Noise(_payload - WireCommandHeader.Size), sent => sent, bothWays: true);

    /// <summary>Full frames to the device; payload bytes a second.</summary>
    public Task<double> UploadAsync() => FillAsync(options.OneWay, WireOpcode.Sink, () => Noise(_payload - WireCommandHeader.Size), Sunk);

    /// <summary>Full frames from the device; payload bytes a second.</summary>
    public Task<double> ReadAsync() => FillAsync(options.OneWay, WireOpcode.Source, Source, Made);

    private async Task<double> FillAsync(int count, WireOpcode opcode, Func<byte[]> make, Func<byte[], byte[]> expect, bool bothWays = false)
    {
        var open = new Queue<(byte[] Sent, Task<ReadOnlyMemory<byte>> Reply)>();
        long begin = time.GetTimestamp();
        for (int i = 0; i < count || open.Count > 0;)
        {
            if (i < count && open.Count < Ahead)
            {
                byte[] body = make();
                open.Enqueue((body, SendAsync(opcode, body, WireChannel.Bulk)));
                i++;
                continue;
            }

            (byte[] sent, Task<ReadOnlyMemory<byte>> reply) = open.Dequeue();
            ReadOnlyMemory<byte> got = await reply.ConfigureAwait(false);
            Compare(expect(sent), got.Span, bothWays ? 2 : 1);
        }

        return (double)count * _payload / time.GetElapsedTime(begin).TotalSeconds;
    }

    private byte[] Noise(int count)
    {
        byte[] body = new byte[count];
        _random.NextBytes(body);
        return body;
    }

    private byte[] Source()
    {
        byte[] body = new byte[WireSource.Size];
        new WireSource((uint)_random.NextInt64(1L << 32), (ushort)(_payload - WireReplyHeader.Size), 0).Write(body);
        return body;
    }

    private static byte[] Made(byte[] source)
    {
        var asked = WireSource.Read(source);
        byte[] made = new byte[asked.Count];
        uint state = asked.Seed;
        for (int i = 0; i < made.Length; i++)
        {
            state = unchecked(1664525 * state + 1013904223);
            made[i] = (byte)(state >> 24);
        }

        return made;
    }

    private static byte[] Sunk(byte[] sent)
    {
        byte[] answer = new byte[WireSunk.Size];
        new WireSunk((uint)sent.Length, FrameChecksum.Of(FrameChecksum.StandardSeed, sent)).Write(answer);
        return answer;
    }

    private void Compare(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> got, int ways)
    {
        long wrong = 8L * Math.Abs(expected.Length - got.Length);
        for (int i = 0; i < Math.Min(expected.Length, got.Length); i++)
        {
            wrong += BitOperations.PopCount((uint)(expected[i] ^ got[i]));
        }

        Bits += 8L * ways * expected.Length;
        WrongBits += wrong;
        Wrong += wrong > 0 ? 1 : 0;
    }

    private async Task<ReadOnlyMemory<byte>> SendAsync(WireOpcode opcode, byte[] body, WireChannel channel)
    {
        while (true)
        {
            try
            {
                CommandReply reply = await pump.SendAsync(opcode, 0, body, channel, cancellationToken).ConfigureAwait(false);
                return reply.Status == WireStatus.Ok
                    ? reply.Body
                    : throw new DeviceException(DeviceFault.Contradiction, $"the device refuses {opcode} with {reply.Status}; install matching firmware");
            }
            catch (DeviceException error) when (error.Fault == DeviceFault.Rebooted)
            {
                Interlocked.Increment(ref _interrupted);
            }
        }
    }
}
