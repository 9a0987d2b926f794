using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AnalogHil.Rpc.Server;

/// <summary>The file of a Unix socket, before a server listens on it.</summary>
public static class UnixSocketFile
{
    // sun_path of sockaddr_un holds 108 bytes with the final zero.
    private const int LongestPath = 107;

    /// <summary>Makes room for a socket: its directory is made, for this user only, and a socket that a dead server left is removed.</summary>
    /// <param name="path">Path of the socket, at most 107 bytes.</param>
    /// <returns>The full path.</returns>
    /// <exception cref="InvalidOperationException">The path is too long, is not a socket, or another server listens on it.</exception>
    public static string Prepare(string path)
    {
        string full = Path.GetFullPath(path);
        int bytes = Encoding.UTF8.GetByteCount(full);
        if (bytes > LongestPath)
        {
            throw new InvalidOperationException($"Socket path {full} has {bytes} bytes, the system's limit is {LongestPath}; choose a shorter one.");
        }

        string directory = Path.GetDirectoryName(full)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        RemoveStale(full);
        return full;
    }

    private static void RemoveStale(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(path))
        {
            File.Delete(path);
            return;
        }
        catch (SocketException e)
        {
            throw new InvalidOperationException($"{path} is in the way ({e.Message}); remove it or choose another path.", e);
        }

        throw new InvalidOperationException($"Another server listens on {path}; stop it or choose another path.");
    }

    // A connection is refused by a plain file too, but only a socket cannot be opened: no file of a user is ever deleted.
    private static bool IsSocket(string path)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
