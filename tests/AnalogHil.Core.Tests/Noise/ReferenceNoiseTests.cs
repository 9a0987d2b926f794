using AnalogHil.Core.Noise;
using FsCheck;
using FsCheck.Fluent;

namespace AnalogHil.Core.Tests.Noise;

/// <summary>Oracles of the design notes for eq. 3 to 5 and 9 to 11.</summary>
public sealed class ReferenceNoiseTests
{
    [Fact]
    public void Thermal_OracleLayer_HasItsStandardDeviation()
    {
        Assert.Equal(0.1191752, Math.Sqrt(ReferenceNoise.Thermal(576, 0.5, 6, 0.01, 36.5)), 7);
    }

    [Fact]
    public void ShotBalanced_OracleLayer_HasItsStandardDeviation()
    {
        Assert.Equal(0.1408590, Math.Sqrt(ReferenceNoise.ShotBalanced(576, 2 * 2, 10 * 10, 35)), 7);
    }

    [Fact]
    public void Weight_OracleLayer_HasItsStandardDeviation()
    {
        Assert.Equal(0.0819782, Math.Sqrt(ReferenceNoise.Weight(0.5, 0.1, 10 * 10, 37.2)), 7);
    }

    [Fact]
    public void DotLength_DepthwiseLayer_SeparatesTheProfilesAsTheOraclesSay()
    {
        int code = ReferenceNoise.DotLength(3, 3, 64, 64, ReferenceProfile.PaperCode);
        int corrected = ReferenceNoise.DotLength(3, 3, 64, 64, ReferenceProfile.Corrected);

        Assert.Equal(8.0, Math.Sqrt(ReferenceNoise.Thermal(code, 1, 1, 0.01, 1) / ReferenceNoise.Thermal(corrected, 1, 1, 0.01, 1)), 12);
        Assert.Equal(0.125, Math.Sqrt(ReferenceNoise.ShotBalanced(code, 1, 1, 1) / ReferenceNoise.ShotBalanced(corrected, 1, 1, 1)), 12);
    }

    [Fact]
    public void DotLength_PlainConvolution_IsTheSameInBothProfiles()
    {
        Assert.Equal(576, ReferenceNoise.DotLength(3, 3, 64, 1, ReferenceProfile.PaperCode));
        Assert.Equal(576, ReferenceNoise.DotLength(3, 3, 64, 1, ReferenceProfile.Corrected));
    }

    [Fact]
    public void DotLength_ChannelsThatDoNotDivide_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceNoise.DotLength(3, 3, 10, 4, ReferenceProfile.Corrected));
    }

    [Theory]
    [InlineData(1, 1, 4.0 / 9)]
    [InlineData(1, 0, 6.0 / 9)]
    [InlineData(0, 0, 1)]
    public void WeightSquares_PaperCodeAtThePaddedBorder_LosesTheTapsOutside(int cutRows, int cutColumns, double expected)
    {
        // Seeded filters of independent weights: the mean over 4000 ratios is known to 0.2 %; limits at 1 %.
        var random = new Random(11);
        double code = 0;
        double full = 0;
        for (int trial = 0; trial < 4000; trial++)
        {
            float[] filter = new float[3 * 3 * 4];
            for (int i = 0; i < filter.Length; i++)
            {
                filter[i] = random.NextSingle() - 0.5f;
            }

            code += ReferenceNoise.WeightSquares(filter, 3, 3, cutRows.., cutColumns.., ReferenceProfile.PaperCode);
            full += ReferenceNoise.WeightSquares(filter, 3, 3, cutRows.., cutColumns.., ReferenceProfile.Corrected);
        }

        Assert.Equal(Math.Sqrt(expected), Math.Sqrt(code / full), 0.01);
    }

    [Fact]
    public void WeightSquares_KnownFilter_CountsTheTapsOnTheImage()
    {
        float[] filter = [1, 2, 3, 4, 5, 6, 7, 8, 9];

        Assert.Equal(25 + 36 + 64 + 81, ReferenceNoise.WeightSquares(filter, 3, 3, 1.., 1.., ReferenceProfile.PaperCode));
        Assert.Equal(285, ReferenceNoise.WeightSquares(filter, 3, 3, 1.., 1.., ReferenceProfile.Corrected));
    }

    [Fact]
    public void ShotFixedGain_AnyGains_IsNeverBelowTheBalancedOptimumForAsManyPhotons()
    {
        Gen<double> positive = Gen.Choose(1, 1000).Select(value => value / 50.0);
        Arbitrary<(double A, double X, double Signal, double Oscillator)> cases = Arb.From(
            from a in positive from x in positive from signal in positive from oscillator in positive select (a, x, signal, oscillator));
        Prop.ForAll(cases, gains =>
        {
            double photons = gains.Signal * gains.Signal * gains.X + gains.Oscillator * gains.Oscillator * gains.A;
            double balanced = ReferenceNoise.ShotBalanced(1, gains.A, gains.X, photons);
            return ReferenceNoise.ShotFixedGain(gains.A, gains.X, gains.Signal, gains.Oscillator) >= balanced * (1 - 1e-12);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void ShotFixedGain_BothBeamsEquallyBright_ReachesTheOptimum()
    {
        // a^2 X = b^2 A: the signal and the local oscillator carry half of the photons each.
        double signal = Math.Sqrt(50 / 3.0);
        double oscillator = Math.Sqrt(50 / 12.0);

        Assert.Equal(ReferenceNoise.ShotBalanced(1, 12, 3, 100), ReferenceNoise.ShotFixedGain(12, 3, signal, oscillator), 12);
    }

    [Fact]
    public void Laws_ZeroEnergy_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceNoise.Thermal(1, 1, 1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceNoise.Weight(1, 1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceNoise.ShotBalanced(1, 1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceNoise.ShotFixedGain(1, 1, 0, 1));
    }

    [Fact]
    public void RelativeIntensity_IsTheSquareOfTheRelativeDeviation()
    {
        Assert.Equal(0.05 * 0.05 * 9 / 4, ReferenceNoise.RelativeIntensity(9, 0.05, 4), 1e-15);
        Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceNoise.RelativeIntensity(9, 0.05, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceNoise.RelativeIntensity(-1, 0.05, 1));
    }
}
