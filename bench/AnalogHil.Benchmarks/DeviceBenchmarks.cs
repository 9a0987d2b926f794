using System.Globalization;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using BenchmarkDotNet.Attributes;

namespace AnalogHil.Benchmarks;

/// <summary>
/// Reads per second of each simulated device through its guard: 1024 vectors of one block of 64 columns, K = 16. One operation is one
/// read (dot product of all rows, noise, conversion, accumulation), so the mean is the time of a read and its inverse the reads per second.
/// </summary>
public class DeviceBenchmarks
{
    private const int Vectors = 1024;
    private const int Columns = 64;
    private const int Repeats = 16;
    private const int ReadsPerCall = Vectors * Columns * Repeats;

    private IAnalogDevice _device = null!;
    private float[] _inputs = [];
    private float[] _outputs = [];

    /// <summary>Bench file of the repository.</summary>
    [Params("crossbar", "homodyne", "broadcast-and-weight", "ideal")]
    public string Bench { get; set; } = "";

    /// <summary>Rows driven; at most those of a tile.</summary>
    [Params(9, 64)]
    public int Rows { get; set; }

    /// <summary>Threads of the simulation.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public async Task OpenAsync()
    {
        Bench bench = AnalogHil.Devices.Benches.Bench.Load(FindBench(Bench));
        _device = await (bench with { Device = bench.Device with { Threads = Threads } }).OpenAsync(TimeProvider.System);
        var random = new Random(1);
        float[] weights = [.. Enumerable.Range(0, Rows * Columns).Select(_ => random.NextSingle() * 2 - 1)];
        _inputs = [.. Enumerable.Range(0, Vectors * Rows).Select(_ => random.NextSingle())];
        _outputs = new float[Vectors * Columns];
        await _device.ArmAsync(1, default);
        await _device.ProgramAsync([new BlockProgram(0, Rows, Columns, weights, [default])], default);
        var settings = new RedundancySettings([new BlockRedundancy(0, RedundancyMode.ReadAndAverage, [Repeats])]);
        await _device.StageAsync(settings, default);
        await _device.CommitAsync(settings.Hash(), default);
    }

    [Benchmark(OperationsPerInvoke = ReadsPerCall)]
    public async Task<long> ReadAsync() => (await _device.ExecuteAsync(new ExecuteRequest(0, Vectors, _inputs, _outputs), default)).Reads;

    [GlobalCleanup]
    public async Task CloseAsync() => await _device.DisposeAsync();

    private static string FindBench(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "config", "benches", name + ".json");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException(string.Create(CultureInfo.InvariantCulture, $"no config/benches/{name}.json above {AppContext.BaseDirectory}"));
    }
}
