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
    public void RepeatsAt_OneEntry_HoldsForEveryChannel()
    {
        Assert.Equal(3, Layer("a", 10, 3).RepeatsAt(17, 0));
        Assert.Equal(5, Layer("a", 10, 3, 5).RepeatsAt(1, 8));
    }

    [Fact]
    public void RepeatsAt_RowGroups_IsThatOfTheRowWhateverTheChannel()
    {
        LayerPlan layer = Layer("a", 900, 2, 8, 5) with { RowStarts = [0, 4, 6, 9] };
        Assert.Equal([2, 2, 2, 2, 8, 8, 5, 5, 5], Enumerable.Range(0, 9).Select(row => layer.RepeatsAt(70, row)));
        Assert.Equal((4 * 2 + 2 * 8 + 3 * 5) / 9.0, layer.MeanRepeats, 12);
        Assert.NotEqual(layer, Layer("a", 900, 2, 8, 5));
        Assert.Equal(layer, Layer("a", 900, 2, 8, 5) with { RowStarts = [0, 4, 6, 9] });
    }

    [Theory]
    [InlineData(0, 4, 9)]
    [InlineData(0, 6, 4, 9)]
    [InlineData(0, 4, 6, 8)]
    [InlineData(1, 4, 6, 9)]
    public void RowStarts_ThatDoNotCutTheDotProduct_AreRefused(params int[] starts) => Assert.Contains(
        "must ascend from 0 to 9", Assert.Throws<ArgumentException>(() => Layer("a", 900, 2, 8, 5) with { RowStarts = [.. starts] }).Message, StringComparison.Ordinal);

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
