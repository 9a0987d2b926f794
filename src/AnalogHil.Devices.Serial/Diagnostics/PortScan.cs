using System.Security.Cryptography;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Link;
using AnalogHil.Devices.Serial.Protocol;
using AnalogHil.Devices.Serial.Transport;

namespace AnalogHil.Devices.Serial.Diagnostics;

/// <summary>Says HELLO on serial ports.</summary>
public static class PortScan
{
    private static readonly string[] Adapters = ["ttyUSB*", "ttyACM*"];

    /// <summary>The serial ports of this machine that may have a device: USB adapters, by their lasting names where there are such.</summary>
    public static IReadOnlyList<string> Ports()
    {
        string[] byId = Directory.Exists("/dev/serial/by-id") ? Directory.GetFileSystemEntries("/dev/serial/by-id") : [];
        HashSet<string> named = [.. byId.Select(path => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path)];
        IEnumerable<string> others = Adapters.SelectMany(pattern => Directory.GetFileSystemEntries("/dev", pattern)).Where(path => !named.Contains(path));
        return [.. byId.Concat(others).Order(StringComparer.Ordinal)];
    }

    /// <summary>Asks one port who answers.</summary>
    /// <param name="port">The port.</param>
    /// <param name="baud">Rate.</param>
    /// <param name="limit">Longest wait for an answer.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public static async Task<FoundDevice> AskAsync(string port, int baud, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            using var pump = new LinkPump(TermiosPort.Open(port, baud), (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue), time);
            WireHelloAnswer answer = await pump.Answered.WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
            if (answer.Status != WireHelloStatus.Ok)
            {
                return new FoundDevice(port, null, $"answers with schema {answer.Schema}, this program has {LinkSchema.ShortHash} ({answer.Status}); install matching firmware");
            }

            CommandReply reply = await pump.SendAsync(WireOpcode.Identify, 0, [], WireChannel.Control, cancellationToken).WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
            var identity = WireIdentity.Read(reply.Body.Span);
            return new FoundDevice(
                port,
                new DeviceIdentity(identity.Uid, (DeviceArchitecture)identity.Architecture, identity.Firmware, identity.Schema, identity.Boot.ToString("x16", System.Globalization.CultureInfo.InvariantCulture)),
                "");
        }
        catch (TimeoutException)
        {
            return new FoundDevice(port, null, $"nothing answers at {baud} baud within {limit.TotalSeconds} s; check rate, wiring and power");
        }
        catch (DeviceException error)
        {
            return new FoundDevice(port, null, error.Message);
        }
    }
}
