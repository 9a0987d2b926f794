using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Records;

namespace AnalogHil.Daemon.Campaign.Recording;

/// <summary>What the plan costs.</summary>
internal static class EnergySection
{
    /// <summary>Standard normal quantile of a two-sided 95 % interval.</summary>
    private const double TwoSided95 = 1.959963985;

    /// <summary>Energy of learned and uniform plan; null before they are known.</summary>
    public static EnergyRecord? Of(CampaignState state)
    {
        if (state.Learned is not { } learned)
        {
            return null;
        }

        Interval energy = learned.Learned.EnergyInterval;
        bool bounded = energy.Low > 0 && double.IsFinite(energy.High);
        return new EnergyRecord(learned.Uniform.Energy, learned.Learned.Energy, learned.Ratio.Value, "reads per MAC")
        {
            LogStandardError = bounded ? Math.Log(energy.High / energy.Low) / (2 * TwoSided95) : null,
            RatioLow = Finite(learned.Ratio.Interval.Low),
            RatioHigh = Finite(learned.Ratio.Interval.High),
            JoulesPerImage = state.Validation is { } validation ? validation.Energy / validation.Examples : null,
        };
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
