using System.Collections.Immutable;
using AnalogHil.Calibration.Averaging;
using AnalogHil.Calibration.Mix;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;

namespace AnalogHil.Calibration.Refit;

/// <summary>Turns a fit into the noise profile that plans are made with: the step that applies a calibration.</summary>
public static class ProfileApplication
{
    /// <summary>The profile, and what of the fit it cannot hold.</summary>
    /// <param name="mix">The fit.</param>
    /// <param name="full">The device's spans.</param>
    /// <param name="averaging">Averaging law of a term; white where none was certified.</param>
    /// <returns>The profile; one line for each present term that no network noise model has a law for.</returns>
    public static (NoiseProfile Profile, ImmutableArray<string> Left) Apply(
        MixResult mix, DeviceFullScale full, IReadOnlyDictionary<MixTerm, AveragingCertificate>? averaging = null)
    {
        NoiseTermEstimate[] terms =
        [
            .. mix.Terms.Where(term => LawOf(term.Term) is not null).Select(term => new NoiseTermEstimate(
                LawOf(term.Term)!.Value,
                term.Sigma,
                term.Present,
                averaging is not null && averaging.TryGetValue(term.Term, out AveragingCertificate? certificate) ? certificate.Law : AveragingLaw.White)),
        ];
        ImmutableArray<string> left =
        [
            .. mix.Terms.Where(term => term.Present && LawOf(term.Term) is null).Select(term =>
                $"{term.Term}: sigma {term.Sigma.Value:G3} was found, and no law of a network's noise holds it; plans leave it out: lower it on the device, "
                    + "or raise K by hand"),
        ];
        return (new NoiseProfile(full, [.. terms]), left);
    }

    private static NoiseTerm? LawOf(MixTerm term) => term switch
    {
        MixTerm.Thermal => NoiseTerm.Thermal,
        MixTerm.Weight => NoiseTerm.Weight,
        MixTerm.ShotBalanced => NoiseTerm.ShotBalanced,
        MixTerm.ShotDirect => NoiseTerm.ShotDirect,
        _ => null,
    };
}
