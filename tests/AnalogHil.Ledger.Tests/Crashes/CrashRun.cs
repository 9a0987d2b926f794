using System.Diagnostics;
using System.Globalization;

namespace AnalogHil.Ledger.Tests.Crashes;

/// <summary>A child process and what it said before it died.</summary>
internal sealed class CrashRun
{
    private CrashRun(IReadOnlyList<string> lines, int exitCode, string error)
    {
        Lines = lines;
        ExitCode = exitCode;
        Error = error;
    }

    public const int Killed = 128 + 9;

    public IReadOnlyList<string> Lines { get; }

    public int ExitCode { get; }

    public string Error { get; }

    /// <summary>Replies that somebody was told of, by item.</summary>
    public IReadOnlyDictionary<int, string> Acknowledged => Said("ack ").ToDictionary(
        text => int.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture), text => text[(text.IndexOf(' ', StringComparison.Ordinal) + 1)..]);

    /// <summary>Items whose operation has ended.</summary>
    public IEnumerable<int> Ended => Said("ended ").Select(text => int.Parse(text, CultureInfo.InvariantCulture));

    /// <summary>Epoch of the lease; null: it died before it knew.</summary>
    public long? Epoch => Said("lease ").Select(text => (long?)long.Parse(text, CultureInfo.InvariantCulture)).SingleOrDefault();

    /// <summary>Names of the points that were passed.</summary>
    public string[] Points => [.. Said("point ").Select(text => text.Split(' ')[1])];

    /// <summary>Runs a child to its end, or kills it.</summary>
    /// <param name="order">What it does.</param>
    /// <param name="killAfterLine">Kills it as soon as it has said so many lines; below 0: it ends by itself.</param>
    /// <param name="delay">Waits so long before the kill.</param>
    public static async Task<CrashRun> StartAsync(CrashOrder order, int killAfterLine = -1, TimeSpan delay = default)
    {
        string assembly = typeof(CrashRun).Assembly.Location;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["exec", "--runtimeconfig", Path.ChangeExtension(assembly, ".runtimeconfig.json"), assembly, .. order.Arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using Process child = Process.Start(start)!;
        Task<string> error = child.StandardError.ReadToEndAsync();
        var lines = new List<string>();
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (lines.Count == killAfterLine)
            {
                // Shorter than a timer can be: the point is to hit another instruction each time.
                long until = Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency);
                while (Stopwatch.GetTimestamp() < until)
                {
                    Thread.SpinWait(10);
                }

                child.Kill();
            }
        }

        await child.WaitForExitAsync();
        return new CrashRun(lines, child.ExitCode, await error);
    }

    private IEnumerable<string> Said(string kind) =>
        Lines.Where(line => line.StartsWith(kind, StringComparison.Ordinal)).Select(line => line[kind.Length..]);
}
