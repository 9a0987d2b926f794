using System.Security.Cryptography;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Driver;
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

    /// <summary>Asks who answers on a terminal.</summary>
    /// <param name="port">The terminal.</param>
    /// <param name="baud">Rate.</param>
    /// <param name="limit">Longest wait for an answer.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public static Task<FoundDevice> AskAsync(string port, int baud, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken) =>
        AskAsync(port, _ => Task.FromResult<ISerialTransport>(TermiosPort.Open(port, baud)), baud, limit, time, cancellationToken);

    /// <summary>The same for any line.</summary>
    /// <param name="name">The line, for messages.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="baud">Rate.</param>
    /// <param name="limit">Longest wait for an answer.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public static async Task<FoundDevice> AskAsync(
        string name, Func<CancellationToken, Task<ISerialTransport>> open, int baud, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            ISerialTransport line = await open(cancellationToken).ConfigureAwait(false);
            using var pump = new LinkPump(line, (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue), time);
            WireHelloAnswer answer = await pump.Answered.WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
            if (HelloCheck.ProblemOf(answer) is { } problem)
            {
                return new FoundDevice(name, baud, null, 0, problem);
            }

            WireIdentity identity = WireIdentity.Read(await AskAsync(WireOpcode.Identify).ConfigureAwait(false));
            WireCapabilities declared = WireCapabilities.Read(await AskAsync(WireOpcode.Capabilities).ConfigureAwait(false));
            return new FoundDevice(name, baud, SerialDevice.IdentityOf(identity), declared.WatchdogMs, "");

            async Task<byte[]> AskAsync(WireOpcode opcode) =>
                (await pump.SendAsync(opcode, 0, [], WireChannel.Control, cancellationToken)
                    .WaitAsync(limit, time, cancellationToken).ConfigureAwait(false)).Body.ToArray();
        }
        catch (TimeoutException)
        {
            return new FoundDevice(name, baud, null, 0, $"nothing answers at {baud} baud within {limit.TotalSeconds} s; check rate, wiring and power");
        }
        catch (DeviceException error)
        {
            return new FoundDevice(name, baud, null, 0, error.Message);
        }
    }
}
