using AnalogHil.Calibration.Mix;
using AnalogHil.Core.Noise;

namespace AnalogHil.Calibration.Suite;

/// <summary>Terms of network noise models as shapes of a mix.</summary>
internal static class MixTerms
{
    public static MixTerm Of(NoiseTerm term) => term switch
    {
        NoiseTerm.Thermal => MixTerm.Thermal,
        NoiseTerm.Weight => MixTerm.Weight,
        NoiseTerm.ShotBalanced => MixTerm.ShotBalanced,
        NoiseTerm.ShotDirect => MixTerm.ShotDirect,
        _ => throw new CalibrationException(CalibrationFault.Unsupported, $"no shape is known for the noise term {term}"),
    };
}
