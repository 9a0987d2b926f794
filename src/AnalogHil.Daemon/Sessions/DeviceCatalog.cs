using AnalogHil.Daemon.Benches;
using AnalogHil.Devices.Benches;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Sessions;

/// <summary>The devices as clients see them: one for each good bench file, and those opened by path.</summary>
internal sealed class DeviceCatalog(BenchDirectory directory, BenchLedger benches, DeviceRoll roll)
{
    /// <summary>The devices, by the names of their benches.</summary>
    public IReadOnlyList<Device> All() =>
    [
        .. directory.Files().Concat(roll.Open.Select(open => open.Path)).Distinct()
            .Select(Describe).OfType<Device>().OrderBy(device => device.Bench, StringComparer.Ordinal).ThenBy(device => device.Path, StringComparer.Ordinal),
    ];

    /// <summary>The device of a bench; null when its file has errors.</summary>
    public Device? Describe(string path)
    {
        BenchFile bench;
        try
        {
            bench = BenchFile.Load(path);
        }
        catch (BenchFileException)
        {
            return null;
        }

        var device = new Device
        {
            Bench = Path.GetFileNameWithoutExtension(path),
            Path = path,
            Architecture = ArchitectureNames.Of(bench.Architecture),
            Simulated = bench is Devices.Benches.Bench or SerialBench { Launch: not null },
            State = DriveState.Closed,
            Holder = benches.HolderOf(path) ?? "",
        };
        if (roll.Find(path) is { } open)
        {
            DeviceFigures figures = open.Figures;
            device.State = figures.State;
            device.Epoch = figures.Epoch;
            device.Capabilities = open.Capabilities.ToMessage();
            device.Identification = figures.Identity?.ToMessage();
            device.Telemetry = figures.Telemetry?.ToMessage(figures.TelemetryTime);
        }

        return device;
    }
}
