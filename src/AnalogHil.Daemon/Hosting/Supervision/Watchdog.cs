using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Hosting.Supervision;

/// <summary>
/// Gives the service manager its signs of life, and only for work done: none while any work is stuck, and none when nothing got on since the
/// last one. An idle daemon gets on by answering itself (<see cref="SelfCall"/>). Unfed, the manager ends the process and starts it
/// again; the device makes itself safe when its host falls silent, and is made safe when it is opened again.
/// </summary>
internal sealed partial class Watchdog(NotifySocket manager, ProgressBoard board, TimeProvider time, ILogger<Watchdog> log) : BackgroundService
{
    private long _fedFor = -1;
    private bool _told;

    /// <summary>Signs of life given.</summary>
    public long Fed { get; private set; }

    /// <summary>Gives a sign of life, if there is reason to.</summary>
    public void Look()
    {
        IReadOnlyList<StuckWork> stuck = board.Stuck();
        if (stuck.Count > 0)
        {
            if (!_told)
            {
                LogStuck(stuck[0].What, stuck[0].Silence.TotalSeconds, stuck[0].LongestSilence.TotalSeconds, stuck.Count);
                manager.Status(string.Create(CultureInfo.InvariantCulture, $"stuck: {stuck[0].What}, silent for {stuck[0].Silence.TotalSeconds:0} s"));
            }

            _told = true;
            return;
        }

        if (_told)
        {
            _told = false;
            LogMoves();
            manager.Status("serving");
        }

        long advances = board.Advances;
        if (advances != _fedFor)
        {
            _fedFor = advances;
            Fed++;
            manager.Alive();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (manager.Watchdog is not { } limit)
        {
            return;
        }

        using var timer = new PeriodicTimer(limit / 4, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            Look();
        }
    }

    [LoggerMessage(30, LogLevel.Critical, "{What} has been silent for {Silence} s, good work of its kind for at most {Limit} s; {Count} pieces of work are "
        + "stuck; the service manager gets no more signs of life", EventName = "work-stuck")]
    private partial void LogStuck(string what, double silence, double limit, int count);

    [LoggerMessage(31, LogLevel.Warning, "nothing is stuck any more", EventName = "work-moves")]
    private partial void LogMoves();
}
