using System.Buffers.Binary;
using System.Net.Sockets;

namespace AnalogHil.Daemon.Tests.Hosting;

/// <summary>The client's end of an HTTP/2 connection, frame by frame: says its preface and nothing else that a test does not ask for.</summary>
internal sealed class RawConnection : IDisposable
{
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;

    private readonly NetworkStream _stream;

    private RawConnection(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    public static async Task<RawConnection> OpenAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        var connection = new RawConnection(socket);
        byte[] preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, Settings, 0, 0, 0, 0, 0];
        await connection._stream.WriteAsync(preface);
        return connection;
    }

    /// <summary>Type and payload of the next frame; null when the server has closed the connection.</summary>
    public async Task<(byte Type, byte[] Payload)?> ReadAsync(CancellationToken stop)
    {
        byte[] head = new byte[9];
        try
        {
            await _stream.ReadExactlyAsync(head, stop);
            byte[] payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await _stream.ReadExactlyAsync(payload, stop);
            return (head[3], payload);
        }
        catch (Exception end) when (end is EndOfStreamException or IOException)
        {
            return null;
        }
    }

    /// <summary>Types of the frames up to the end of the connection; of a GOAWAY its error code too.</summary>
    public async Task<(IReadOnlyList<byte> Types, uint? GoAwayCode)> ReadToEndAsync(CancellationToken stop)
    {
        var types = new List<byte>();
        uint? code = null;
        while (await ReadAsync(stop) is { } frame)
        {
            types.Add(frame.Type);
            if (frame.Type == GoAway)
            {
                code = BinaryPrimitives.ReadUInt32BigEndian(frame.Payload.AsSpan(4));
            }
        }

        return (types, code);
    }

    public void Dispose() => _stream.Dispose();
}
