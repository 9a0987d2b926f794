using AnalogHil.Calibration.Design;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Noise;

namespace AnalogHil.Calibration.Tests.Design;

public sealed class ProbeDesignTests
{
    [Theory]
    [InlineData(new[] { NoiseTerm.Thermal }, "full")]
    [InlineData(new[] { NoiseTerm.Thermal, NoiseTerm.Weight }, "dark,full")]
    [InlineData(new[] { NoiseTerm.Thermal, NoiseTerm.ShotBalanced }, "dark,full")]
    [InlineData(new[] { NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotBalanced }, "dark,input,full")]
    [InlineData(new[] { NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotDirect }, "dark,part,full")]
    [InlineData(new[] { NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotBalanced, NoiseTerm.ShotDirect }, "dark,part,input,full")]
    public void Choose_PossibleTerms_GivesOnePointEach(NoiseTerm[] terms, string expected) =>
        Assert.Equal(expected, string.Join(',', ProbeDesign.Choose(FakeCapabilities.Small(terms)).Select(point => point.Name)));

    [Fact]
    public void Choose_SameTermTwice_CannotSeparate()
    {
        CalibrationException error = Assert.Throws<CalibrationException>(() => ProbeDesign.Choose(FakeCapabilities.Small(NoiseTerm.Weight, NoiseTerm.Weight)));
        Assert.Equal(CalibrationFault.Unsupported, error.Fault);
    }

    [Fact]
    public void Regressors_FullCorner_FollowTheDefinitionsOfTheTerms()
    {
        // R = 16, dW = 2, dx = 2: thermal R dW^2 dx^2 = 256, weight dW^2 X = 64, shot A X / N = 16.
        DesignPoint full = ProbeDesign.Choose(FakeCapabilities.Small(NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotBalanced))[^1];
        Assert.Equal(new double[] { 256, 64, 16 }, full.Regressors(FakeCapabilities.Small(NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotBalanced)));
    }

    [Theory]
    [InlineData(true, 64.0 / 127)]
    [InlineData(false, 128.0 / 255)]
    public void Choose_PartOfFullScale_IsALevelOfTheInputConverter(bool bipolar, double expected)
    {
        DesignPoint part = ProbeDesign.Choose(FakeCapabilities.Small(NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotDirect) with { SignedInputs = bipolar })[1];
        Assert.Equal(expected, part.InputAmplitude, 1e-12);
    }

    [Theory]
    [InlineData(2, true, 0.5, 1)]
    [InlineData(1, false, 0.5, 1)]
    [InlineData(2, false, 0.5, 2.0 / 3)]
    public void Choose_CoarseInputConverter_StatesTheDriveThatTheDeviceMakes(int bits, bool bipolar, double drive, double expected)
    {
        DesignPoint full = ProbeDesign.Choose(FakeCapabilities.Small(NoiseTerm.Thermal, NoiseTerm.Weight) with { DacBits = bits, SignedInputs = bipolar }, drive)[^1];
        Assert.Equal(expected, full.InputAmplitude, 1e-12);
    }
}
