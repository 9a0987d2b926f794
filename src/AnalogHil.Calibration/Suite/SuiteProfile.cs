using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;

namespace AnalogHil.Calibration.Suite;

/// <summary>The noise profile that plans are made with, from the results of the routines.</summary>
public static class SuiteProfile
{
    /// <summary>The profile; null where the mix was not measured.</summary>
    /// <param name="results">Results by routine; averaging laws are white where averaging was not certified.</param>
    /// <param name="full">Spans of the device.</param>
    public static NoiseProfile? Of(IReadOnlyDictionary<string, RoutineResult> results, DeviceFullScale full)
    {
        if (!results.TryGetValue("mix", out RoutineResult? mix))
        {
            return null;
        }

        RoutineResult? averaging = results.GetValueOrDefault("averaging");
        return new NoiseProfile(full,
        [
            .. mix.Figures.Where(figure => figure.Name.StartsWith("sigma.", StringComparison.Ordinal)).Select(figure =>
            {
                NoiseTerm term = Enum.Parse<NoiseTerm>(figure.Name["sigma.".Length..]);
                return new NoiseTermEstimate(term, figure.Value, figure.Present == true, averaging?.Laws.GetValueOrDefault(term) ?? AveragingLaw.White);
            }),
        ]);
    }
}
