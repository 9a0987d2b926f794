using AnalogHil.Core.Statistics;

namespace AnalogHil.Devices.Serial.Diagnostics;

/// <summary>What a test of a line found.</summary>
public sealed record LinkTestReport
{
    /// <summary>The line.</summary>
    public required string Port { get; init; }

    /// <summary>Serial number of the device.</summary>
    public required string Uid { get; init; }

    /// <summary>Its firmware.</summary>
    public required string Firmware { get; init; }

    /// <summary>Rate the figures are held against, baud.</summary>
    public required int Baud { get; init; }

    /// <summary>Seed of the faults that were put in; null when the line was taken as it is.</summary>
    public ulong? ChaosSeed { get; init; }

    /// <summary>Faults that were put in.</summary>
    public long Injected { get; init; }

    /// <summary>Reboots of the device among them.</summary>
    public long Reboots { get; init; }

    /// <summary>Commands that were open at a reboot, whose fate nobody knows, and that were sent again.</summary>
    public long Interrupted { get; init; }

    /// <summary>Commands sent.</summary>
    public required long Commands { get; init; }

    /// <summary>Commands that never got a reply.</summary>
    public required long Lost { get; init; }

    /// <summary>Commands whose reply holds other bytes than were sent.</summary>
    public required long Wrong { get; init; }

    /// <summary>Payload bits compared, both directions together.</summary>
    public required long Bits { get; init; }

    /// <summary>Bits among them that were wrong: accepted errors.</summary>
    public required long WrongBits { get; init; }

    /// <summary>Frames the host and the device refused as damaged.</summary>
    public required long Damaged { get; init; }

    /// <summary>Frames both received, good or damaged.</summary>
    public required long Frames { get; init; }

    /// <summary>Frames that either sent again.</summary>
    public required long Retransmits { get; init; }

    /// <summary>Bytes of full payloads a second, each way, both ways at once.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>Bytes of full payloads a second to the device, which answers with a few bytes each: an upload.</summary>
    public required double UploadBytesPerSecond { get; init; }

    /// <summary>Bytes of full payloads a second from the device, asked for with a few bytes each: bulk reads.</summary>
    public required double ReadBytesPerSecond { get; init; }

    /// <summary>Round trips of a command of 16 bytes, ascending, microseconds.</summary>
    public required IReadOnlyList<double> RoundTrips { get; init; }

    /// <summary>Time that the command of 16 bytes and its reply are on the line, microseconds.</summary>
    public required double RoundTripOnWire { get; init; }

    /// <summary>Payload bytes over what 8N1 at <see cref="Baud"/> carries, each way; a pseudo-terminal without pace may be above 1.</summary>
    public double ShareOfLine => ShareOf(BytesPerSecond);

    /// <summary>Largest median of the round trip on a good line: 1.5 times its time on the wire and a millisecond for both ends, microseconds.</summary>
    public double RoundTripLimit => 1.5 * RoundTripOnWire + 1000;

    /// <summary>A rate over what 8N1 at <see cref="Baud"/> carries.</summary>
    public double ShareOf(double bytesPerSecond) => bytesPerSecond / (Baud / 10.0);

    /// <summary>Share of damaged frames with its 95 % interval (Clopper and Pearson 1934).</summary>
    public Interval DamagedShare => ProportionInterval.ClopperPearson(Damaged, Math.Max(1, Frames));

    /// <summary>Whether nothing was lost and nothing wrong was accepted.</summary>
    public bool Passed => Lost == 0 && Wrong == 0;

    /// <summary>A quantile of the round trip, microseconds.</summary>
    /// <param name="share">In [0, 1].</param>
    public double RoundTrip(double share) =>
        RoundTrips.Count == 0 ? double.NaN : RoundTrips[(int)Math.Ceiling(share * RoundTrips.Count) - 1 is var at and >= 0 ? at : 0];
}
