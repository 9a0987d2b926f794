using AnalogHil.Core.Plans;

namespace AnalogHil.Core.Tests.Plans;

public sealed class PrecisionPlanTests
{
    [Fact]
    public void MeanRepeatsPerMac_LayersOfDifferentSize_WeighsByMacs()
    {
        var plan = new PrecisionPlan([Layer("a", 1000, 2), Layer("b", 3000, 4, 8)]);

        Assert.Equal((1000 * 2 + 3000 * 6) / 4000.0, plan.MeanRepeatsPerMac, 12);
    }

    [Fact]
    public void RepeatsOf_OneEntry_HoldsForEveryChannel()
    {
        Assert.Equal(3, Layer("a", 10, 3).RepeatsOf(17));
        Assert.Equal(5, Layer("a", 10, 3, 5).RepeatsOf(1));
    }

    [Fact]
    public void Equals_SameFiguresInOtherArrays_IsTrue()
    {
        Assert.Equal(new PrecisionPlan([Layer("a", 10, 3, 5)]), new PrecisionPlan([Layer("a", 10, 3, 5)]));
        Assert.NotEqual(new PrecisionPlan([Layer("a", 10, 3, 5)]), new PrecisionPlan([Layer("a", 10, 3, 6)]));
    }

    [Fact]
    public void LayerPlan_KBelowOne_NamesTheLayerAndTheValue()
    {
        string message = Assert.Throws<ArgumentException>(() => Layer("conv3", 10, 4, 0)).Message;

        Assert.Contains("conv3", message, StringComparison.Ordinal);
        Assert.Contains("0", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plans_WithoutContent_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new PrecisionPlan([]));
        Assert.Throws<ArgumentException>(() => Layer("a", 10));
        Assert.Throws<ArgumentException>(() => Layer("a", 0, 1));
    }

    private static LayerPlan Layer(string name, long macs, params int[] repeats) =>
        new(name, 9, macs, [.. repeats], RedundancyMode.ReadAndAverage);
}
