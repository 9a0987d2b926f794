using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using AnalogHil.Devices.TestKit;
using AnalogHil.Devices.Tests.Simulation;

namespace AnalogHil.Devices.Tests.Conformance;

/// <summary>The per-cell tier keeps the same contract.</summary>
public abstract class CellConformance(CellPhysics physics) : DeviceConformance
{
    protected override ValueTask<IAnalogDevice> OpenAsync() =>
        ValueTask.FromResult<IAnalogDevice>(new SimulatedDevice(SimulatedBench.Options(physics, 1) with { MaxVectors = 64 }));
}

public sealed class CrossbarCellsConformance() : CellConformance(
    new CrossbarCells { Lumped = new() { ReadNoiseMicrosiemens = 1 }, FlickerShare = 0.5, DriftExponent = 0.05, WireOhms = 0.1 });

public sealed class HomodyneCellsConformance() : CellConformance(new HomodyneCells { PhaseWander = 0.1, RelativeIntensityNoise = 0.01 });

public sealed class RingCellsConformance() : CellConformance(new RingCells { Detuning = 0.01, StuckColumns = 1 });
