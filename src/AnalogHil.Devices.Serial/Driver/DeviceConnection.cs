using System.Security.Cryptography;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Link;
using AnalogHil.Devices.Serial.Protocol;
using AnalogHil.Devices.Serial.Transport;

namespace AnalogHil.Devices.Serial.Driver;

/// <summary>One opened line to a device that has answered: from HELLO until the line is gone.</summary>
internal sealed class DeviceConnection : IDisposable
{
    private DeviceConnection(LinkPump pump, string name, in WireCapabilities declared, uint features)
    {
        (Pump, Name, Declared, Features) = (pump, name, declared, features);
        Session = new DeviceSession(pump, name);
    }

    /// <summary>The link.</summary>
    public LinkPump Pump { get; }

    /// <summary>Commands over it.</summary>
    public DeviceSession Session { get; }

    /// <summary>The line, for messages.</summary>
    public string Name { get; }

    /// <summary>What the device declares.</summary>
    public WireCapabilities Declared { get; }

    /// <summary>Feature bits that it granted.</summary>
    public uint Features { get; }

    /// <summary>Counts of the lines before this one; set before anybody else sees it.</summary>
    public LineCounts Before { get; set; } = new(0, 0, 0, 0, 0, -1);

    /// <summary>Counts of this line added to those of the lines before it.</summary>
    public LineCounts Line => Pump.Ask(link => new LineCounts(
        Before.FramesIn + link.Counts.FramesIn,
        Before.FramesOut + link.Counts.FramesOut,
        Before.Retransmissions + link.Counts.Retransmits,
        Before.ChecksumErrors + link.Counts.Checksum,
        Before.DamagedFrames + link.Counts.Stuffing + link.Counts.Length,
        Before.Resets + link.Counts.Links));

    /// <summary>Says HELLO and asks for the capabilities.</summary>
    /// <param name="transport">The line; closed if this fails.</param>
    /// <param name="options">Longest time for either, longest silence of an armed device, rate of the line.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<DeviceConnection> OpenAsync(
        ISerialTransport transport, SerialDeviceOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        string name = transport.Name;
        uint session = (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);
        var pump = new LinkPump(transport, session, time) { LongestSilence = options.LongestSilence, Baud = options.Baud };
        try
        {
            WireHelloAnswer answer = await CallDeadline.Within(
                time, options.Deadline, name, "HELLO", token => pump.Answered.WaitAsync(token), cancellationToken).ConfigureAwait(false);
            HelloCheck.RequireAgreed(name, answer);
            var asking = new DeviceSession(pump, name);
            ReadOnlyMemory<byte> declared = await CallDeadline.Within(
                time, options.Deadline, name, "capabilities", token => asking.SendAsync(WireOpcode.Capabilities, default, token), cancellationToken)
                .ConfigureAwait(false);
            return new DeviceConnection(pump, name, WireCapabilities.Read(declared.Span), answer.Features);
        }
        catch
        {
            pump.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Pump.Dispose();
}
