using AnalogHil.Daemon.Errors;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Hosting;

/// <summary>Keeps the Unix socket to its owner.</summary>
internal static class SocketFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode Enterable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Makes sure that nobody else can reach the socket's directory, so that there is no moment in which the new socket is open to others.</summary>
    /// <exception cref="CampaignException">The directory exists and is open to others, or cannot be made.</exception>
    /// <param name="socket">The socket.</param>
    /// <param name="opens">Whether users named in the access file may connect: then the kernel tells who they are, and the directory need only be
    /// such that nobody else can put a socket of his own there.</param>
    public static void PrepareDirectory(string socket, bool opens = false)
    {
        if (OperatingSystem.IsWindows())
        {
            throw NoUnix();
        }

        string directory = Path.GetDirectoryName(Path.GetFullPath(socket))!;
        try
        {
            if (!Directory.Exists(directory))
            {
                Directory.CreateDirectory(directory, opens ? Enterable : OwnerOnly);
            }

            UnixFileMode mode = File.GetUnixFileMode(directory);
            if (opens && (mode & ~Enterable) != UnixFileMode.None)
            {
                throw new CampaignException(
                    ErrorReason.RequestInvalid,
                    $"socket directory {directory} has mode {Convert.ToString((int)mode, 8)}, others must not write to it (755): "
                    + "chmod go-w it, or choose another with --socket");
            }

            if (!opens && (mode & ~OwnerOnly) != UnixFileMode.None)
            {
                throw new CampaignException(
                    ErrorReason.RequestInvalid,
                    $"socket directory {directory} has mode {Convert.ToString((int)mode, 8)}, others must not enter it (700): chmod 700 it, or choose "
                        + "another with --socket");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CampaignException(
                ErrorReason.OutputUnwritable, $"socket directory {directory} cannot be used: {exception.Message.TrimEnd('.')}; choose another with --socket",
                    exception);
        }
    }

    /// <summary>Mode 0600: only its owner connects, wherever the file may be moved. Mode 0666 where the access file names others.</summary>
    public static void Protect(string socket, bool opens = false)
    {
        if (OperatingSystem.IsWindows())
        {
            throw NoUnix();
        }

        File.SetUnixFileMode(socket, opens ? Everybody : UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static PlatformNotSupportedException NoUnix() =>
        new("the daemon needs Unix file modes to keep its socket private; run it on Linux or macOS");
}
