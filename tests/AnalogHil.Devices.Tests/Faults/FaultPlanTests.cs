using AnalogHil.Devices.Faults;
using AnalogHil.Devices.Simulation;

namespace AnalogHil.Devices.Tests.Faults;

public sealed class FaultPlanTests
{
    [Fact]
    public void Strike_Probability_IsHitAboutThatOftenAndAlwaysAtTheSameCalls()
    {
        var plan = new FaultPlan(3, [new FaultRule(InjectedFault.DropReply, [], 0.1, TimeSpan.Zero)]);
        long[] first = [.. Enumerable.Range(0, 10_000).Select(call => (long)call).Where(call => plan.Strike(call, _ => true) is not null)];
        long[] again = [.. Enumerable.Range(0, 10_000).Select(call => (long)call).Where(call => plan.Strike(call, _ => true) is not null)];
        Assert.Equal(first, again);

        // Binomial: standard deviation 30; 5 of them, false alarm 6e-7.
        Assert.InRange(first.Length, 850, 1150);
    }

    [Fact]
    public void Strike_GivenCalls_HitsOnlyThose()
    {
        var plan = new FaultPlan(3, [new FaultRule(InjectedFault.DropReply, 2, 5)]);
        Assert.Equal([2, 5], Enumerable.Range(0, 100).Where(call => plan.Strike(call, _ => true) is not null));
        Assert.Null(plan.Strike(2, fault => fault == InjectedFault.LyingReadBack));
    }

    [Fact]
    public void Constructor_RebootOfADeviceWithoutSwitch_IsRefused()
    {
        var simulated = new SimulatedDevice(Simulation.SimulatedBench.Options(new CrossbarPhysics(), 1));
        var plan = new FaultPlan(1, [new FaultRule(InjectedFault.Reboot, 0)]);
        Assert.Throws<ArgumentException>(() => new FaultyDevice(new Guarding.SafetyWatch(simulated), plan, TimeProvider.System));
    }
}
