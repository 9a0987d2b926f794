using AnalogHil.Core.Units;

namespace AnalogHil.Core.Tests.Units;

public sealed class PhotonEnergyTests
{
    [Fact]
    public void Attojoules_TelecomBand_IsTheOracle()
    {
        Assert.Equal(0.1281578, PhotonEnergy.Attojoules(1550e-9), 7);
    }

    [Fact]
    public void Joules_HalfTheWavelength_IsTwiceTheEnergy()
    {
        Assert.Equal(2 * PhotonEnergy.Joules(1550e-9), PhotonEnergy.Joules(775e-9), 1e-30);
    }

    [Fact]
    public void Joules_NoWavelength_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PhotonEnergy.Joules(0));
    }
}
