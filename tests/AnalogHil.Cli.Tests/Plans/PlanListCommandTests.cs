using AnalogHil.Cli.Plans;
using AnalogHil.V1;

namespace AnalogHil.Cli.Tests.Plans;

public sealed class PlanListCommandTests
{
    [Fact]
    public void EnergyOf_Plan_HasTheUnitThatTheDaemonTells()
    {
        var plan = new Plan { Energy = new Estimate { Value = 3, Low = 2, High = 4, Unit = "photons per MAC", N = 400, Level = 0.95 } };

        Assert.Equal("3 [2, 4] photons per MAC", PlanListCommand.EnergyOf(plan));
        Assert.Equal("not bounded", PlanListCommand.EnergyOf(new Plan()));
    }
}
