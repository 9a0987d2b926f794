using System.Security.Cryptography;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Framing;
using AnalogHil.Devices.Serial.Link;
using AnalogHil.Devices.Serial.Protocol;
using AnalogHil.Devices.Serial.Transport;

namespace AnalogHil.Devices.Serial.Diagnostics.Vectors;

/// <summary>
/// Holds a device's firmware against golden vectors, over its line: payloads go there and back, and broken frames are put between good ones, which
/// the device has
/// to refuse, each for its reason. Drives nothing.
/// </summary>
public static class DeviceCheck
{
    /// <summary>Checks.</summary>
    /// <param name="line">The line; closed at the end.</param>
    /// <param name="vectors">The vectors.</param>
    /// <param name="limit">Longest time.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="DeviceException">No answer, another build, or the line is gone.</exception>
    public static async Task<VectorReport> RunAsync(
        ISerialTransport line, GoldenVectors vectors, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var injecting = new InjectingTransport(line);
        using var pump = new LinkPump(injecting, (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue), time);
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            HelloCheck.RequireAgreed(line.Name, await pump.Answered.WaitAsync(either.Token).ConfigureAwait(false));
            return await CheckAsync(pump, injecting, vectors, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DeviceException(
                DeviceFault.Timeout, $"{line.Name}: the check was not done within {limit.TotalSeconds} s; check rate, wiring and firmware", error);
        }
    }

    private static async Task<VectorReport> CheckAsync(LinkPump pump, InjectingTransport line, GoldenVectors vectors, CancellationToken cancellationToken)
    {
        var identity = WireIdentity.Read(await AskAsync(pump, WireOpcode.Identify, [], cancellationToken).ConfigureAwait(false));
        var differences = new List<string>();
        int room = pump.Ask(link => link.MaxPayload) - WireCommandHeader.Size;
        int frames = 0;
        foreach (FrameVector vector in vectors.LinesOf("frames.txt").Select(FrameVector.Parse).Where(vector => vector.Payload.Length <= room))
        {
            frames++;
            byte[] back = await AskAsync(pump, WireOpcode.Echo, vector.Payload, cancellationToken).ConfigureAwait(false);
            if (!back.AsSpan().SequenceEqual(vector.Payload))
            {
                differences.Add($"frames.txt, vector {frames}: {vector.Payload.Length} bytes came back changed");
            }
        }

        BrokenVector[] broken = [.. vectors.LinesOf("broken.txt").Select(BrokenVector.Parse)];
        WireCounters before = await CountersAsync(pump, cancellationToken).ConfigureAwait(false);
        foreach (BrokenVector vector in broken)
        {
            // The counters' own command follows on the same line, so that its reply says all that came before it.
            line.Inject([0, .. vector.Stuffed, 0]);
            await AskAsync(pump, WireOpcode.Echo, [], cancellationToken).ConfigureAwait(false);
        }

        WireCounters after = await CountersAsync(pump, cancellationToken).ConfigureAwait(false);
        Compare("crc", after.Crc - before.Crc, FrameResult.Checksum);
        Compare("length", after.Length - before.Length, FrameResult.Length);
        Compare("cobs", after.Cobs - before.Cobs, FrameResult.Stuffing);
        return new VectorReport(
            $"{identity.Uid}, {identity.Firmware}, on {line.Name}", vectors.Source, frames, broken.Length, 0,
            [.. differences.Take(VectorReport.MostDifferences)]);

        void Compare(string reason, uint counted, FrameResult kind)
        {
            int expected = broken.Count(vector => vector.Reason == kind);
            if (counted != expected)
            {
                differences.Add($"broken.txt: the device refused {counted} frames for {reason}, {expected} are right");
            }
        }
    }

    private static async Task<WireCounters> CountersAsync(LinkPump pump, CancellationToken cancellationToken) =>
        WireCounters.Read(await AskAsync(pump, WireOpcode.Counters, [], cancellationToken).ConfigureAwait(false));

    private static async Task<byte[]> AskAsync(LinkPump pump, WireOpcode opcode, byte[] body, CancellationToken cancellationToken)
    {
        CommandReply reply = await pump.SendAsync(opcode, 0, body, WireChannel.Bulk, cancellationToken).ConfigureAwait(false);
        return reply.Status == WireStatus.Ok
            ? reply.Body.ToArray()
            : throw new DeviceException(DeviceFault.Contradiction, $"the device refuses {opcode} with {reply.Status}; install matching firmware");
    }
}
