using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Campaign.Networks;
using AnalogHil.Daemon.Errors;

namespace AnalogHil.Daemon.Tests.Campaign;

public sealed class CertifiedPlanTests
{
    private static readonly CertifiedLaw UpTo16 = new(new AveragingLaw(0.4, 0.6), 16, 64);

    [Fact]
    public void LargestRepeats_CertificateEndsBelowTheDevice_IsTheCertificates()
    {
        Assert.Equal(16, CertifiedPlan.LargestRepeats(256, UpTo16));
        Assert.Equal(8, CertifiedPlan.LargestRepeats(8, UpTo16));
        Assert.Equal(256, CertifiedPlan.LargestRepeats(256, null));
        Assert.Contains("does not pay", CertifiedPlan.Limit(256, UpTo16), StringComparison.Ordinal);
        Assert.Null(CertifiedPlan.Limit(16, UpTo16));
    }

    [Fact]
    public void Require_LayerBeyondTheCertificate_IsNamedWithItsRepeats()
    {
        CampaignException refused = Assert.Throws<CampaignException>(() => CertifiedPlan.Require(Plan(4, 32), UpTo16));
        Assert.Equal(V1.ErrorReason.PlanDoesNotFit, refused.Reason);
        Assert.Contains("layer fc1: K = 32 does not pay", refused.Message, StringComparison.Ordinal);
        CertifiedPlan.Require(Plan(4, 16), UpTo16);
        CertifiedPlan.Require(Plan(4, 32), null);
    }

    [Fact]
    public void Apply_SlowNoise_GivesItsTermTheCertifiedCourse()
    {
        var full = new DeviceFullScale(2, 1, 32, 0);
        var profile = new NoiseProfile(full, [.. ((NoiseTerm[])[NoiseTerm.Thermal, NoiseTerm.Weight]).Select(term => new NoiseTermEstimate(term,
            new Core.Statistics.Estimate(0.1, new Interval(0.09, 0.11), "1", 100), true, AveragingLaw.White))]);
        var slow = new AveragingLaw(1, 0, [0.5, 0.25]);
        NoiseProfile applied = CertifiedPlan.Apply(profile, new Dictionary<NoiseTerm, AveragingLaw> { [NoiseTerm.Thermal] = AveragingLaw.White,
            [NoiseTerm.Weight] = slow });
        Assert.Equal([AveragingLaw.White, slow], applied.Terms.Select(term => term.Averaging));
    }

    private static PrecisionPlan Plan(int first, int second) => new(
    [
        new LayerPlan("conv", 16, 1000, [first], RedundancyMode.ReadAndAverage), new LayerPlan("fc1", 16, 1000, [second], RedundancyMode.ReadAndAverage),
    ]);
}
