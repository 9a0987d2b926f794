using System.Globalization;

namespace AnalogHil.Ledger.Storage;

/// <summary>Keeps a second process out of a ledger. The kernel frees the lock when its holder dies, however it dies.</summary>
internal sealed class LedgerLock : IDisposable
{
    private const string LockFile = "ledger.lock";
    private const string OwnerFile = "ledger.owner";
    private readonly FileStream _lock;

    private LedgerLock(FileStream file) => _lock = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="LedgerException">InUse or Unwritable.</exception>
    public static LedgerLock Take(string directory)
    {
        string file = Path.Combine(directory, LockFile);
        FileStream held;
        try
        {
            held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new LedgerException(
                LedgerFault.InUse,
                $"the ledger in {directory} is in use by {Owner(directory)}: one process at a time may have it open; "
                + "stop that one, or choose another directory");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException(
                LedgerFault.Unwritable, $"cannot lock the ledger in {directory}: {refused.Message.TrimEnd('.')}; make the directory writable", refused);
        }

        File.WriteAllText(Path.Combine(directory, OwnerFile), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new LedgerLock(held);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static string Owner(string directory)
    {
        try
        {
            return $"process {File.ReadAllText(Path.Combine(directory, OwnerFile)).Trim()}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
