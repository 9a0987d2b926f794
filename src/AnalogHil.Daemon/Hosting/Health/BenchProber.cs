using System.Diagnostics;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Telemetry;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;
using Microsoft.Extensions.Hosting;
using Bench = AnalogHil.Devices.Benches.Bench;

namespace AnalogHil.Daemon.Hosting.Health;

/// <summary>
/// Proves that idle devices work: opens each that nobody holds, asks who it is and how it is, and closes it, which leaves it safe. A device that somebody
/// holds is never asked: its own use is the proof. A probe needs no lease, holds nothing, and ends at once when its device is wanted.
/// </summary>
internal sealed class BenchProber(
    BenchDirectory directory, BenchLedger benches, BenchEvidence evidence, OpeningGates gates, HealthBoard board,
    DaemonMeter meter, DaemonOptions options, TimeProvider time)
    : BackgroundService
{
    // Of --probe; null: those of the directory.
    private IReadOnlyList<string>? _named;

    /// <summary>Finds the benches that are named in the options, once: what becomes of their files later is told by their health.</summary>
    /// <exception cref="CampaignException">A name or path of none.</exception>
    public void Locate()
    {
        try
        {
            _named = options.ProbedBenches is { } names ? [.. names.Select(directory.Locate)] : null;
        }
        catch (CampaignException unknown)
        {
            throw new CampaignException(ErrorReason.RequestInvalid, $"benches to be probed: {unknown.Message}", unknown);
        }
    }

    /// <summary>Asks every idle bench that is due, one after the other, and sets the statuses.</summary>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        foreach (string path in Due())
        {
            BenchStanding standing = evidence.Of(path);
            bool isFresh = standing.Failure is null && standing.Age < options.ProbeInterval / 2;
            if (!isFresh && benches.HolderOf(path) is null)
            {
                await ProbeAsync(path, standing, cancellationToken).ConfigureAwait(false);
            }
        }

        board.Update();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.ProbeInterval is not { } interval)
        {
            return;
        }

        // Starting does not wait for devices.
        await Task.Yield();
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            await RoundAsync(stoppingToken).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    /// <summary>
    /// The benches named in the options, or of the directory those whose device is simulated in this process: a probe unasked for starts no
    /// program, and opens no serial line, which may reboot what is behind it or take the line from another program.
    /// </summary>
    private IEnumerable<string> Probed() => _named ?? directory.Files().Where(path => TryLoad(path) is Bench);

    private string[] Due()
    {
        string[] known = [.. evidence.All.Select(standing => standing.Path)];
        try
        {
            // What is gone from the directory is looked for once more each round: that it is not there speaks against it.
            return [.. Probed().Concat(known.Where(path => !File.Exists(path))).Distinct()];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            foreach (string path in known)
            {
                evidence.Of(path).Failed($"the directory of benches cannot be read: {unreadable.Message}");
            }

            return [];
        }
    }

    private static BenchFile? TryLoad(string path)
    {
        try
        {
            return BenchFile.Load(path);
        }
        catch (BenchFileException)
        {
            // ListBenches tells its errors; there is no device to prove.
            return null;
        }
    }

    private async Task ProbeAsync(string path, BenchStanding standing, CancellationToken stopping)
    {
        if (!gates.TryProbe(path, out IDisposable? pass, out CancellationToken wanted))
        {
            return;
        }

        using IDisposable closed = pass;
        if (benches.HolderOf(path) is not null)
        {
            return;
        }

        using var limit = new CancellationTokenSource(options.ProbeLimit, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping, wanted, limit.Token);
        long began = Stopwatch.GetTimestamp();
        try
        {
            IBench bench = OpenableBench.Of(BenchFile.Load(path), time);
            IAnalogDevice device = await bench.OpenAsync(0, ends.Token).ConfigureAwait(false);
            await using (device.ConfigureAwait(false))
            {
                await device.IdentifyAsync(ends.Token).ConfigureAwait(false);
                await device.ReadTelemetryAsync(ends.Token).ConfigureAwait(false);
            }

            standing.Worked();
            meter.Probed(standing.Bench, began, worked: true);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested || wanted.IsCancellationRequested)
        {
            // Somebody wants the device, and will see himself whether it works.
        }
#pragma warning disable CA1031 // Whatever a probe meets speaks against the bench, never against the daemon.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            standing.Failed(failure is OperationCanceledException ? $"no answer within {options.ProbeLimit.TotalSeconds} s" : failure.Message);
            meter.Probed(standing.Bench, began, worked: false);
        }
    }
}
