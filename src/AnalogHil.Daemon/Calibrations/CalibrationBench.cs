using AnalogHil.Core.Numerics;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>The device of a calibration: opened anew after every stop, still the same one that was switched on before.</summary>
internal sealed class CalibrationBench
{
    private readonly BenchFile _file;
    private readonly TimeProvider _time;

    private CalibrationBench(BenchFile file, TimeProvider time) => (_file, _time) = (file, time);

    /// <summary>Name of the bench.</summary>
    public string Name => _file.Name;

    /// <summary>SHA-256 of the file.</summary>
    public string Sha256 => _file.Sha256;

    /// <summary>Whether a simulation answers.</summary>
    public bool IsSimulated => OpenableBench.Of(_file, _time).IsSimulated;

    /// <summary>"cells", "lumped" or "hardware".</summary>
    public string Tier => (_file as Devices.Benches.Bench)?.Tier ?? "hardware";

    /// <summary>Reads a bench file.</summary>
    /// <exception cref="CampaignException">BenchInvalid, with every error.</exception>
    public static CalibrationBench Load(string path, TimeProvider time)
    {
        try
        {
            return new CalibrationBench(BenchFile.Load(path), time);
        }
        catch (BenchFileException wrong)
        {
            throw new CampaignException(ErrorReason.BenchInvalid, wrong.Errors.Length == 1 ? wrong.Message : $"{wrong.Errors.Length} errors in {path}", wrong)
            {
                Fields = [.. wrong.Errors.Select(error => new FieldError("bench" + error.Location, $"{error.Problem}; {error.Remedy}"))],
            };
        }
    }

    /// <summary>Opens the device, safe. A simulated one was on all the time: its power-up is named by the seed, its noise goes on with every
    /// opening.</summary>
    /// <param name="seed">Seed of the calibration.</param>
    /// <param name="opening">How often it was opened before.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    public async ValueTask<IAnalogDevice> OpenAsync(ulong seed, int opening, CancellationToken cancellationToken)
    {
        ulong noise = GaussianKey.Derive(seed, (ulong)opening).Value;
        return _file is Devices.Benches.Bench simulated
            ? await simulated.ReopenAsync(_time, $"powered-{seed:x16}", noise, cancellationToken).ConfigureAwait(false)
            : await OpenableBench.Of(_file, _time).OpenAsync(noise, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Uid of the device; opens it safe, and closes it.</summary>
    public async Task<string> UidAsync(CancellationToken cancellationToken)
    {
        IAnalogDevice device = await OpenAsync(0, 0, cancellationToken).ConfigureAwait(false);
        await using (device.ConfigureAwait(false))
        {
            return (await device.IdentifyAsync(cancellationToken).ConfigureAwait(false)).Uid;
        }
    }

    /// <summary>Time of the device passes: on hardware the host waits, a simulated device's own clock moves with its calls.</summary>
    public Task WaitAsync(TimeSpan time, CancellationToken cancellationToken) =>
        _file is Devices.Benches.Bench ? Task.CompletedTask : Task.Delay(time, _time, cancellationToken);
}
