using AnalogHil.Daemon.Errors;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Hosting;

/// <summary>Keeps the Unix socket to its owner.</summary>
internal static class SocketFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes sure that nobody else can reach the socket's directory, so that there is no moment in which the new socket is open to others.</summary>
    /// <exception cref="CampaignException">The directory exists and is open to others, or cannot be made.</exception>
    public static void PrepareDirectory(string socket)
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
                Directory.CreateDirectory(directory, OwnerOnly);
            }

            UnixFileMode mode = File.GetUnixFileMode(directory);
            if ((mode & ~OwnerOnly) != UnixFileMode.None)
            {
                throw new CampaignException(
                    ErrorReason.RequestInvalid,
                    $"socket directory {directory} has mode {Convert.ToString((int)mode, 8)}, others must not enter it (700): chmod 700 it, or choose another with --socket");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CampaignException(
                ErrorReason.OutputUnwritable, $"socket directory {directory} cannot be used: {exception.Message.TrimEnd('.')}; choose another with --socket", exception);
        }
    }

    /// <summary>Mode 0600: only its owner connects, wherever the file may be moved.</summary>
    public static void Protect(string socket)
    {
        if (OperatingSystem.IsWindows())
        {
            throw NoUnix();
        }

        File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static PlatformNotSupportedException NoUnix() =>
        new("the daemon needs Unix file modes to keep its socket private; run it on Linux or macOS");
}
