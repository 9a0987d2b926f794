using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Operations;

/// <summary>
/// The right to write into a record's directory: one campaign at a time has it, among all processes of the machine. Given back when the
/// campaign ends, and by the system when its process dies.
/// </summary>
internal sealed class RecordLock : IDisposable
{
    /// <summary>Name of the file that is locked; it is gone when no campaign runs.</summary>
    public const string FileName = "campaign.lock";

    private readonly string _path;
    private readonly FileStream _file;
    private readonly IReadOnlyList<string> _created;
    private int _released;

    private RecordLock(string path, FileStream file, IReadOnlyList<string> created)
    {
        _path = path;
        _file = file;
        _created = created;
    }

    /// <summary>Takes the directory of a campaign; makes it where it is missing.</summary>
    /// <exception cref="CampaignException">Another campaign writes there; a new campaign finds something there; it cannot be written.</exception>
    public static RecordLock Take(CampaignRequest request)
    {
        List<string> created = Missing(request.OutputDirectory);
        string path = Path.Combine(request.OutputDirectory, FileName);
        RecordLock taken;
        try
        {
            Directory.CreateDirectory(request.OutputDirectory);
            taken = new RecordLock(path, Open(path), created);
        }
        catch (IOException held) when (IsHeld(held))
        {
            throw new CampaignException(
                request.Resume ? ErrorReason.NotResumable : ErrorReason.RequestInvalid,
                $"another campaign writes into {request.OutputDirectory} now; wait for its end, or choose another directory",
                held);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Remove(created);
            throw Failures.Unwritable(request.OutputDirectory, exception, null);
        }

        if (request.Resume || IsFree(request.OutputDirectory))
        {
            return taken;
        }

        taken.Dispose();
        throw new CampaignException(ErrorReason.RequestInvalid, $"another campaign has just written into {request.OutputDirectory}; choose another directory");
    }

    /// <summary>Whether a directory holds nothing of any campaign; a campaign that begins there may have locked it already.</summary>
    public static bool IsFree(string directory) =>
        !Directory.EnumerateFileSystemEntries(directory).Any(entry => Path.GetFileName(entry) != FileName);

    /// <summary>Gives the directory back; directories that were made for the campaign and are empty go too.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) != 0)
        {
            return;
        }

        try
        {
            // While it is locked, so that nobody else's file is taken away.
            File.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file that nobody locks keeps nobody out.
        }

        _file.Dispose();
        Remove(_created);
    }

    private static FileStream Open(string path)
    {
        while (true)
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            if (File.Exists(path))
            {
                return file;
            }

            // Its holder took the file away between opening and locking: what is locked has no name any more.
            file.Dispose();
        }
    }

    // EAGAIN of Linux, of macOS, ERROR_SHARING_VIOLATION of Windows: what an open reports that finds the file locked.
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static List<string> Missing(string directory)
    {
        var missing = new List<string>();
        for (string? at = directory; at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
        {
            missing.Add(at);
        }

        return missing;
    }

    private static void Remove(IReadOnlyList<string> directories)
    {
        foreach (string directory in directories)
        {
            try
            {
                Directory.Delete(directory);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Something is in it: a record, or another campaign's.
                return;
            }
        }
    }
}
