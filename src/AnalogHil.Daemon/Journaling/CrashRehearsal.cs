using System.Diagnostics;
using System.Globalization;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Ledger.Storage;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Journaling;

/// <summary>
/// Ends this process with SIGKILL at a chosen commit of its ledger, for the rehearsal of crashes: by the environment variable ANALOGHIL_CRASH_REHEARSAL,
/// and only where the state directory was marked for it. "list" writes the names of all commits to the file crash-points there; "intent.begin#1:torn" ends
/// the process at the second commit of that name: before it, after it with half of what it wrote (torn), or after it.
/// </summary>
internal sealed class CrashRehearsal : ICommitWatcher
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "ANALOGHIL_CRASH_REHEARSAL";

    /// <summary>File in the state directory that permits it.</summary>
    public const string Mark = "crash-rehearsal";

    /// <summary>File in the state directory that "list" writes.</summary>
    public const string Points = "crash-points";

    /// <summary>File in the state directory that "torn" writes: bytes cut off, and bytes that the commit had written.</summary>
    public const string Torn = "crash-torn";

    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly string _directory;
    private readonly string? _point;
    private readonly string _when = "";
    private long _before;

    private CrashRehearsal(string directory, string order)
    {
        _directory = directory;
        if (order != "list")
        {
            (_point, _when) = order.Split(':') is [var point, ("before" or "torn" or "after") and var when]
                ? (point, when)
                : throw new CampaignException(ErrorReason.RequestInvalid, $"{Variable} is '{order}', must be list or NAME#NUMBER:before, :torn or :after");
        }
    }

    private string Log => Path.Combine(_directory, "ledger.sqlite-wal");

    /// <summary>The rehearsal that the environment asks for; null: none.</summary>
    /// <exception cref="CampaignException">It asks for one, and the state directory is not marked for it.</exception>
    public static CrashRehearsal? Of(DaemonOptions options)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } order)
        {
            return null;
        }

        return File.Exists(Path.Combine(options.StateDirectory, Mark))
            ? new CrashRehearsal(options.StateDirectory, order)
            : throw new CampaignException(
                ErrorReason.RequestInvalid,
                $"{Variable} is set, with which the daemon kills itself; {options.StateDirectory} is not marked for rehearsals of crashes, so unset it");
    }

    /// <inheritdoc/>
    public void BeforeCommit(string point)
    {
        KillIf(point, "before");
        _before = Length();
    }

    /// <inheritdoc/>
    public void AfterCommit(string point)
    {
        if (_point is null)
        {
            File.AppendAllText(Path.Combine(_directory, Points), Name(point) + (Length() > _before ? "\n" : " unwritten\n"));
        }
        else if (_when == "torn" && Name(point) == _point)
        {
            // What a power cut amid the write leaves: the head of what this commit appended, and nobody was told of it.
            long grown = Length() - _before;
            if (grown <= 0)
            {
                throw new InvalidOperationException($"commit {point} did not make the log longer, so nothing of it can be torn");
            }

            long kept = grown / 2;
            using (var log = new FileStream(Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                log.SetLength(_before + kept);
                log.Flush(flushToDisk: true);
            }

            File.WriteAllText(Path.Combine(_directory, Torn), string.Create(CultureInfo.InvariantCulture, $"{grown - kept} {grown}"));
            Kill();
        }

        KillIf(point, "after");
        _seen[point] = _seen.GetValueOrDefault(point) + 1;
    }

    private string Name(string point) => string.Create(CultureInfo.InvariantCulture, $"{point}#{_seen.GetValueOrDefault(point)}");

    private long Length() => new FileInfo(Log) is { Exists: true } file ? file.Length : 0;

    private void KillIf(string point, string when)
    {
        if (_when == when && Name(point) == _point)
        {
            Kill();
        }
    }

    private static void Kill()
    {
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
