using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Identity;

/// <summary>
/// The access rules that hold now. A change of their file holds for calls that begin a second later, without a restart under running campaigns: a token or a
/// user that was taken out gets in no more. A file with errors changes nothing, and the log says so.
/// </summary>
/// <param name="atStart">The rules that the daemon was started with.</param>
/// <param name="options">Names the file.</param>
/// <param name="time">Clock.</param>
/// <param name="log">Log.</param>
internal sealed partial class AccessBook(AccessRules atStart, DaemonOptions options, TimeProvider time, ILogger<AccessBook> log)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly bool _socketIsOpen = atStart.OpensSocket;
    private volatile AccessRules _rules = atStart;

    // None: what was changed since the start, before anybody called, counts too.
    private (DateTime Written, long Length, UnixFileMode Mode)? _seen;
    private string? _said;
    private long _looked = time.GetTimestamp();

    /// <summary>The rules.</summary>
    public AccessRules Rules
    {
        get
        {
            if (options.AccessFile is not { } file || time.GetElapsedTime(Interlocked.Read(ref _looked)) < LookInterval)
            {
                return _rules;
            }

            lock (_gate)
            {
                Interlocked.Exchange(ref _looked, time.GetTimestamp());
                (DateTime Written, long Length, UnixFileMode Mode) now = Look(file);
                if (now != _seen)
                {
                    // One that could not be read is tried again: what keeps it away, as an owner or a folder, does not always show here.
                    _seen = ReadAnew(file) ? now : null;
                }

                return _rules;
            }
        }
    }

    private static (DateTime Written, long Length, UnixFileMode Mode) Look(string file) =>
        new FileInfo(file) is { Exists: true } found ? (found.LastWriteTimeUtc, found.Length, found.UnixFileMode) : (default, -1, default);

    private bool ReadAnew(string file)
    {
        try
        {
            AccessRules rules = AccessFile.Read(file);
            (_rules, _said) = (rules, null);
            LogRead(file, rules.Users.Count, rules.Groups.Count, rules.Certificates.Count, rules.Tokens.Length);
            if (rules.OpensSocket && !_socketIsOpen)
            {
                LogSocketStaysClosed(file);
            }

            return true;
        }
        catch (CampaignException wrong)
        {
            if (wrong.Message != _said)
            {
                _said = wrong.Message;
                LogKept(wrong.Message);
            }

            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{File} was read anew: {Users} users, {Groups} groups, {Certificates} certificates, {Tokens} tokens")]
    private partial void LogRead(string file, int users, int groups, int certificates, int tokens);

    [LoggerMessage(2, LogLevel.Error, "the access rules of before stay in force: {Why}")]
    private partial void LogKept(string why);

    [LoggerMessage(3, LogLevel.Warning, "{File} names users or groups now; the Unix socket is opened to them when the daemon is started again")]
    private partial void LogSocketStaysClosed(string file);
}
