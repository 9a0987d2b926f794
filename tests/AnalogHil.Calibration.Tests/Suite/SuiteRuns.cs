using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Suite;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;

namespace AnalogHil.Calibration.Tests.Suite;

/// <summary>Runs of the suite on small devices, each in a folder of its own.</summary>
internal sealed class SuiteRuns : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("hil-suite-");

    /// <summary>Wide targets: a run takes tens of milliseconds.</summary>
    public static SuiteOptions Quick { get; } = new() { RelativeHalfWidth = 0.15, ColumnHalfWidth = 0.2, LargestRepeats = 16, Routines = ["column-sigma",
        "mix", "averaging"] };

    public RunFolder Folder(string name) => new(Path.Combine(_root.FullName, name));

    public static async Task<SimulatedDevice> OpenAsync(int seed, int tiles = 2, int stuck = 0) => await Cells.OpenAsync(
        new CrossbarCells { Lumped = new() { ReadNoiseMicrosiemens = 2, ReceiverNoiseNanoamperes = 1500 }, StuckColumns = stuck }, seed,
            change: options => options with { Tiles = tiles });

    public static Task<SuiteOutcome> RunAsync(
        IAnalogDevice device, RunFolder folder, IReadOnlyDictionary<string, KnownResult>? earlier = null, SuiteOptions? options = null,
            TimeProvider? clock = null, CancellationToken token = default) =>
        new CalibrationSuite(device, options ?? Quick, folder, clock ?? TimeProvider.System, static (_, _) => Task.CompletedTask)
            .RunAsync(earlier ?? new Dictionary<string, KnownResult>(), null, null, token);

    public static Dictionary<string, KnownResult> Known(SuiteOutcome outcome) =>
        outcome.Routines.Where(routine => routine.Entry.Record is not null).ToDictionary(routine => routine.Name,
            routine => new KnownResult(routine.Entry.Record!, outcome.Results[routine.Name]));

    public static RoutineOutcome[] Outcomes(SuiteOutcome outcome) => [.. outcome.Routines.Select(routine => routine.Entry.Outcome)];

    public void Dispose() => _root.Delete(recursive: true);
}
