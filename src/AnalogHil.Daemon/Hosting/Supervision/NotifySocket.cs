using System.Net.Sockets;
using System.Text;

namespace AnalogHil.Daemon.Hosting.Supervision;

/// <summary>
/// The service manager's end of sd_notify(3): a datagram socket that takes lines of NAME=VALUE. Without a service manager nothing is sent.
/// A manager that is gone is no reason to stop: what cannot be sent is dropped.
/// </summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _manager;

    public NotifySocket(ServiceManager manager)
    {
        if (manager.Address is { Length: > 1 } address && address[0] is '/' or '@')
        {
            // A leading zero byte is how the kernel tells an abstract name from a path.
            _manager = new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address);
            _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
            Watchdog = manager.Watchdog;
        }
    }

    /// <summary>Longest time between two signs of life; null when none are expected.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>The service is up.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={OneLine(status)}");

    /// <summary>The service begins to stop.</summary>
    public void Stopping() => Send("STOPPING=1\nSTATUS=stopping: devices are made safe");

    /// <summary>What the service does, for `systemctl status`.</summary>
    public void Status(string status) => Send($"STATUS={OneLine(status)}");

    /// <summary>A sign of life for the watchdog.</summary>
    public void Alive() => Send("WATCHDOG=1");

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private void Send(string state)
    {
        try
        {
            _socket?.SendTo(Encoding.UTF8.GetBytes(state), _manager!);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Its reader has gone or is full; the next sign of life may come through.
        }
    }
}
