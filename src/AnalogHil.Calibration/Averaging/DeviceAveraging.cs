using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Mix;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;

namespace AnalogHil.Calibration.Averaging;

/// <summary>What repeats are worth on a device: certificates without drive and at full drive, the law of each term, and the K that plans may use.</summary>
/// <param name="Dark">Without drive: receiver noise.</param>
/// <param name="Driven">At full inputs and weights: all noise.</param>
/// <param name="Laws">Law of each term. What is slow at full drive beyond what is slow in the dark belongs to the terms that the drive brings.</param>
/// <param name="Certified">The law at full drive with the largest K that pays at both points.</param>
/// <param name="Doubts">Why a law may not hold.</param>
public sealed record DeviceAveraging(
    AveragingCertificate Dark, AveragingCertificate Driven, ImmutableDictionary<NoiseTerm, AveragingLaw> Laws, CertifiedLaw Certified,
        ImmutableArray<string> Doubts)
{
    /// <summary>Certifies from the reads of <see cref="AveragingAcquisition"/>: a pure function.</summary>
    /// <param name="archive">Reads.</param>
    /// <param name="terms">Noise terms of the device.</param>
    /// <param name="confidence">Level of the intervals.</param>
    /// <exception cref="ArgumentException">A point has fewer than three K.</exception>
    public static DeviceAveraging Of(ArchivedReads archive, ImmutableArray<MixTerm> terms, double confidence = 0.95)
    {
        AveragingCertificate dark = CertificateStudy.Of(archive, "dark", confidence).Certificate;
        AveragingCertificate driven = CertificateStudy.Of(archive, AveragingAcquisition.Driven, confidence).Certificate;
        var laws = ImmutableDictionary.CreateBuilder<NoiseTerm, AveragingLaw>();
        laws[NoiseTerm.Thermal] = dark.Law;
        foreach (NoiseTerm term in terms.Select(DrivenTerm).OfType<NoiseTerm>())
        {
            laws[term] = Beyond(dark, driven);
        }

        return new(dark, driven, laws.ToImmutable(), new CertifiedLaw(driven.Law, Math.Min(dark.LargestRepeats, driven.LargestRepeats),
            driven.Points.Max(point => point.K)), Doubtful(dark, driven));
    }

    private static NoiseTerm? DrivenTerm(MixTerm term) => term switch
    {
        MixTerm.Weight => NoiseTerm.Weight,
        MixTerm.ShotBalanced => NoiseTerm.ShotBalanced,
        MixTerm.ShotDirect => NoiseTerm.ShotDirect,
        _ => null,
    };

    /// <summary>The law of what the drive adds: its slow share is that of the difference, its course in time that of the driven point.</summary>
    private static AveragingLaw Beyond(AveragingCertificate dark, AveragingCertificate driven)
    {
        double slow = Math.Max(0, driven.Slow.Value - dark.Slow.Value);
        double all = driven.White.Value + driven.Slow.Value - dark.White.Value - dark.Slow.Value;
        double own = driven.White.Value + driven.Slow.Value;
        if (driven.Kind == SlowNoiseKind.None || slow == 0 || all <= 0)
        {
            return AveragingLaw.White;
        }

        double share = Math.Min(1, slow / all);
        double scale = share / (driven.Slow.Value / own);
        return driven.Kind == SlowNoiseKind.Common
            ? new AveragingLaw(1 - share, share)
            : new AveragingLaw(1, 0, [.. driven.Law.Correlation.Select(rho => Math.Clamp(rho * scale, -1, 1))]);
    }

    private static ImmutableArray<string> Doubtful(AveragingCertificate dark, AveragingCertificate driven) =>
        dark.Slow.Value > driven.Slow.Interval.High
            ? [$"slow noise is stronger without drive ({dark.Slow.Value:G3}) than with it (at most {driven.Slow.Interval.High:G3}): "
                + "the device moved between the points, measure averaging again"]
            : [];
}
