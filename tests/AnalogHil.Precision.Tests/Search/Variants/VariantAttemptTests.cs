using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Variants;

namespace AnalogHil.Precision.Tests.Search.Variants;

public sealed class VariantAttemptTests
{
    [Fact]
    public void Cheapest_DeclaredEnergies_DecideBeforeRepeats() =>
        Assert.Equal("c", VariantAttempt.Cheapest([Made("a", 3, 5e-6), Made("b", 1, 4e-6), Made("c", 2, 2e-6)])!.Name);

    [Fact]
    public void Cheapest_OneNotAccepted_IsPassedOver() =>
        Assert.Equal("a", VariantAttempt.Cheapest([Made("a", 3, 5e-6), Made("b", 1, 1e-6, reachable: false)])!.Name);

    [Fact]
    public void Cheapest_EqualOnes_TheFirst() => Assert.Equal("b", VariantAttempt.Cheapest([Made("a", 3, 5e-6), Made("b", 2, 4e-6), Made("c", 1, 4e-6)])!.Name);

    [Fact]
    public void Cheapest_OneWithoutDeclaredEnergy_RepeatsDecideForAll() =>
        Assert.Equal("b", VariantAttempt.Cheapest([Made("a", 3, null), Made("b", 1, 4e-6), Made("c", 2, 2e-6)])!.Name);

    [Fact]
    public void Cheapest_NoneAccepted_IsNone() =>
        Assert.Null(VariantAttempt.Cheapest([Made("a", 3, 5e-6, reachable: false), Made("b", 1, 4e-6, reachable: false)]));

    private static VariantAttempt Made(string name, double energy, double? joules, bool reachable = true)
    {
        var point = new EnergyPoint(energy, [[energy]]);
        var found = new EnergyOutcome(reachable, point, new Interval(energy, energy), 0.01, 0.001, 0.05, 0.9, -0.01, [], "made up");
        return new VariantAttempt(name, null, null!, null!, found, null, joules);
    }
}
