using AnalogHil.Daemon.Records.Costs;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Daemon.Campaign.Recording;

/// <summary>What the plan costs.</summary>
internal static class EnergySection
{
    /// <summary>Energy of learned and uniform plan; null before they are known.</summary>
    public static EnergyRecord? Of(CampaignState state)
    {
        if (state.Learned is not { } learned)
        {
            return null;
        }

        ImageEnergy? plan = state.Network is { } network ? DeclaredEnergy.OfImage(network, learned.Plan) : null;
        ImageEnergy? uniform = state.Network is { } same ? DeclaredEnergy.OfImage(same, learned.Uniform.Plan) : null;
        bool compared = learned.Shape is not null && learned.Uniform.Reachable;
        double? tried = learned.Uniform.Reachable ? null : learned.Uniform.Points.Select(point => point.Energy).Append(learned.Uniform.Energy).Max();
        return new EnergyRecord(learned.Uniform.Energy, learned.Learned.Energy, learned.Ratio.Value, "reads per MAC")
        {
            UniformTried = tried,
            UniformLow = Finite(learned.Uniform.EnergyInterval.Low),
            UniformHigh = Finite(learned.Uniform.EnergyInterval.High),
            LearnedLow = Finite(learned.Learned.EnergyInterval.Low),
            LearnedHigh = Finite(learned.Learned.EnergyInterval.High),
            RatioLow = compared ? Finite(learned.Ratio.Interval.Low) : null,
            RatioHigh = compared ? Finite(learned.Ratio.Interval.High) : null,
            JoulesPerImage = plan?.Joules,
            UniformJoulesPerImage = tried is null ? uniform?.Joules : null,
            ConversionsPerImage = plan?.OutputConversions,
            UniformConversionsPerImage = tried is null ? uniform?.OutputConversions : null,
        };
    }

    /// <summary>A limit as records have it: null where it is not bounded.</summary>
    public static double? Finite(double? value) => value is { } known && double.IsFinite(known) ? known : null;
}
