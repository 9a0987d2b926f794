using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.TestKit;
using AnalogHil.Devices.Tests.Simulation;

namespace AnalogHil.Devices.Tests.Conformance;

public sealed class BroadcastAndWeightConformance : DeviceConformance
{
    protected override ValueTask<IAnalogDevice> OpenAsync() => ValueTask.FromResult<IAnalogDevice>(
        new SimulatedDevice(SimulatedBench.Options(SimulatedBench.Physics(DeviceArchitecture.BroadcastAndWeight), 1) with { MaxVectors = 64 }));
}
