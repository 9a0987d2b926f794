using AnalogHil.Core.Noise;

namespace AnalogHil.Core.Tests.Noise;

/// <summary>Oracles of the design notes for eq. 7: N = 576, dW = 0.5, dx = 6, thermal noise at sigma_t = 0.01.</summary>
public sealed class NoiseBitsTests
{
    private static double ThermalVariance(double energy) => ReferenceNoise.Thermal(576, 0.5, 6, 0.01, energy);

    [Fact]
    public void Bits_ThermalLayerAtRange6_IsTheOracle()
    {
        Assert.Equal(3.95732, NoiseBits.Bits(6, ThermalVariance(36.5)), 5);
        Assert.Equal(16, NoiseBits.Levels(6, ThermalVariance(36.5)));
    }

    [Fact]
    public void VarianceForLevels_TwentyFiveLevels_TakesTheEnergyOfTheOracle()
    {
        double energy = ThermalVariance(1) / NoiseBits.VarianceForLevels(6, 25);

        Assert.Equal(99.5328, energy, 4);
        Assert.Equal(Math.Log2(25), NoiseBits.Bits(6, ThermalVariance(energy)), 12);
    }

    [Fact]
    public void Bits_NoNoise_IsInfinite()
    {
        Assert.Equal(double.PositiveInfinity, NoiseBits.Bits(6, 0));
        Assert.Equal(double.PositiveInfinity, NoiseBits.Levels(6, 0));
    }

    [Fact]
    public void Bits_NoRange_IsZero()
    {
        Assert.Equal(0, NoiseBits.Bits(0, 1));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1, -1)]
    [InlineData(1, double.NaN)]
    public void Bits_ArgumentOutOfRange_IsRefused(double range, double variance)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NoiseBits.Bits(range, variance));
    }

    [Fact]
    public void VarianceForLevels_OneLevel_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NoiseBits.VarianceForLevels(6, 1));
    }
}
