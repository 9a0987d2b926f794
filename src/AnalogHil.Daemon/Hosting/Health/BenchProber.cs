using System.Diagnostics;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Telemetry;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using Microsoft.Extensions.Hosting;

namespace AnalogHil.Daemon.Hosting.Health;

/// <summary>
/// Proves that idle devices work: opens each that nobody holds, asks who it is and how it is, and closes it, which leaves it safe. A device that somebody
/// holds is never asked: its own use is the proof. A probe needs no lease, holds nothing, and ends at once when its device is wanted.
/// </summary>
internal sealed class BenchProber(
    BenchDirectory directory, BenchLedger benches, BenchEvidence evidence, OpeningGates gates, HealthBoard board, DaemonMeter meter, DaemonOptions options, TimeProvider time)
    : BackgroundService
{
    /// <summary>Asks every idle bench that is due, one after the other, and sets the statuses.</summary>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        foreach (string path in Probed())
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
    private IEnumerable<string> Probed() => options.ProbedBenches is { } named
        ? named.Select(directory.Locate)
        : directory.Files().Where(path => TryLoad(path) is Bench);

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
        catch (Exception failure) when (failure is DeviceException or OperationCanceledException or BenchFileException or IOException or UnauthorizedAccessException)
        {
            standing.Failed(failure is OperationCanceledException ? $"no answer within {options.ProbeLimit.TotalSeconds} s" : failure.Message);
            meter.Probed(standing.Bench, began, worked: false);
        }
    }
}
