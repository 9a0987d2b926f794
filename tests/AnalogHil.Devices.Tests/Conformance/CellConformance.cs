using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using AnalogHil.Devices.Tests.Simulation;

namespace AnalogHil.Devices.Tests.Conformance;

/// <summary>The per-cell tier keeps the same contract.</summary>
public sealed class CellConformance : DeviceConformance
{
    protected override ValueTask<IAnalogDevice> OpenAsync() => ValueTask.FromResult<IAnalogDevice>(new SimulatedDevice(
        SimulatedBench.Options(new CrossbarCells { Lumped = new() { ReadNoiseMicrosiemens = 1 }, FlickerShare = 0.5, DriftExponent = 0.05 }, 1) with { MaxVectors = 64 }));
}
