using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Search;

/// <summary>Predicts whether the certification to come would accept.</summary>
/// <param name="Target">Largest drop to be tolerated, a fraction.</param>
/// <param name="Examples">M of the certification.</param>
/// <param name="Wanted">Probability that is asked for.</param>
public sealed record AcceptanceRule(double Target, int Examples, double Wanted)
{
    /// <summary>Probability of ACCEPT at a drop that is itself known to a standard error only.</summary>
    public double Probability(double drop, double discordance, double standardError)
    {
        // A fitted drop can leave the range that its fitted discordance allows by a hair.
        double psi = Math.Clamp(discordance, 0, 1);
        return NonInferiority.AcceptanceProbability(Math.Clamp(drop, -psi, psi), psi, Examples, Target, standardError);
    }

    /// <summary>Whether that is enough.</summary>
    public bool Accepts(double drop, double discordance, double standardError) =>
        drop < Target && Probability(drop, discordance, standardError) >= Wanted;
}
