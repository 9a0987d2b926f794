using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Faults;
using AnalogHil.Devices.Guarding;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.TestKit;
using AnalogHil.Devices.Tests.Simulation;

namespace AnalogHil.Devices.Tests.Conformance;

/// <summary>A guard over a link that fails in passing must be told from a perfect device by nothing but its counts; columns share one K here.</summary>
public abstract class GuardedConformance(DeviceArchitecture architecture) : DeviceConformance
{
    protected override ValueTask<IAnalogDevice> OpenAsync()
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(SimulatedBench.Physics(architecture), 1) with
        {
            MaxVectors = 64, RepeatsPerColumn = false, MaxRepeats = SimulatedBench.Modes(8, 8, 1), AdcBits = 8, AdcFullScale = 32,
        };
        var faults = new FaultPlan(1, [new FaultRule(InjectedFault.CorruptReply, 0, 2), new FaultRule(InjectedFault.NotANumber, 4)]);
        var faulty = new FaultyDevice(new SimulatedDevice(options), faults, TimeProvider.System);
        return ValueTask.FromResult<IAnalogDevice>(new GuardedDevice(faulty, new GuardOptions(), TimeProvider.System));
    }
}

public sealed class GuardedCrossbarConformance() : GuardedConformance(DeviceArchitecture.Crossbar);

public sealed class GuardedHomodyneConformance() : GuardedConformance(DeviceArchitecture.Homodyne);
