using AnalogHil.Daemon.Campaign;
using AnalogHil.Devices.Benches;

namespace AnalogHil.Daemon.Benches;

/// <summary>Which driver opens the device of a bench file.</summary>
internal static class OpenableBench
{
    /// <summary>The bench of a checked file.</summary>
    public static IBench Of(BenchFile bench, TimeProvider time) => bench switch
    {
        Devices.Benches.Bench simulated => new FileBench(simulated, time),
        SerialBench wired => new WiredBench(wired, time),
        _ => throw new ArgumentOutOfRangeException(nameof(bench), bench.GetType().Name, "no driver opens this kind of bench"),
    };
}
