using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AnalogHil.Rpc.Server;

/// <summary>The process that opened a Unix socket connection, as the kernel recorded it at that moment (unix(7), SO_PEERCRED).</summary>
/// <param name="ProcessId">Its process; may have ended, and the number may be another's, since.</param>
/// <param name="UserId">Its effective user.</param>
/// <param name="GroupId">Its effective group.</param>
public sealed record PeerCredentials(int ProcessId, uint UserId, uint GroupId)
{
    // asm-generic/socket.h; struct ucred holds three 32-bit numbers.
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>Reads the credentials of a connection; null: it is not a Unix socket.</summary>
    /// <param name="socket">The server's end.</param>
    /// <exception cref="PlatformNotSupportedException">Not Linux.</exception>
    internal static PeerCredentials? Of(Socket socket)
    {
        if (socket.AddressFamily != AddressFamily.Unix)
        {
            return null;
        }

        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Peer credentials of a Unix socket are read on Linux only; use TLS with client certificates here.");
        }

        Span<int> ucred = stackalloc int[3];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, MemoryMarshal.AsBytes(ucred));
        return new PeerCredentials(ucred[0], unchecked((uint)ucred[1]), unchecked((uint)ucred[2]));
    }
}
