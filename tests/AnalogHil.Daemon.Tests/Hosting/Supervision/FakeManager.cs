using System.Net.Sockets;
using System.Text;
using AnalogHil.Daemon.Hosting.Supervision;
using AnalogHil.Daemon.Tests.Fakes;

namespace AnalogHil.Daemon.Tests.Hosting.Supervision;

/// <summary>A service manager's notify socket.</summary>
internal sealed class FakeManager : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    /// <param name="name">Name in the abstract namespace; null: a path.</param>
    /// <param name="watchdog">Longest time between two signs of life.</param>
    public FakeManager(string? name = null, TimeSpan? watchdog = null)
    {
        string path = _directory["notify"];
        _socket.Bind(new UnixDomainSocketEndPoint(name is null ? path : "\0" + name));
        Manager = new ServiceManager(name is null ? path : "@" + name, watchdog);
    }

    public ServiceManager Manager { get; }

    /// <summary>What has come and was not read.</summary>
    public bool HasMore => _socket.Available > 0;

    /// <summary>The next message.</summary>
    public async Task<string> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        byte[] buffer = new byte[1024];
        return Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, limit.Token));
    }

    /// <summary>The next message with these words at its beginning; those before are skipped.</summary>
    public async Task<string> NextAsync(string beginning)
    {
        string message;
        do
        {
            message = await NextAsync();
        }
        while (!message.StartsWith(beginning, StringComparison.Ordinal));
        return message;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _directory.Dispose();
    }
}
