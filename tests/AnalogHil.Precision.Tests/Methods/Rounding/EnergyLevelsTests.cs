using AnalogHil.Precision.Methods.Rounding;

namespace AnalogHil.Precision.Tests.Methods.Rounding;

public class EnergyLevelsTests
{
    [Theory]
    [InlineData(0.001, 1)]
    [InlineData(1.41, 1)]
    [InlineData(1.42, 2)]
    [InlineData(2.44, 2)]
    [InlineData(2.46, 3)]
    [InlineData(63.9, 64)]
    [InlineData(1000, 64)]
    public void Round_ToWholeRepeats_TurnsAtTheGeometricMean(double energy, double expected) =>
        Assert.Equal(expected, EnergyLevels.Integers(64).Round(energy));

    [Fact]
    public void Round_ToAnyLevels_TurnsAtSqrtAB()
    {
        EnergyLevels levels = EnergyLevels.Of(2, 8, 50);
        Assert.Equal([2, 2, 8, 8, 50], levels.Round([0.1, 3.99, 4.0, 19.99, 20.01]));
    }

    [Fact]
    public void Of_LevelsThatDoNotAscend_SaysSo()
    {
        Assert.Throws<ArgumentException>(() => EnergyLevels.Of(2, 2));
        Assert.Throws<ArgumentException>(() => EnergyLevels.Of(0));
        Assert.Throws<ArgumentException>(() => EnergyLevels.Of());
    }
}
