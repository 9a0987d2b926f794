using System.Collections.Immutable;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Comparison;
using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.PaperStudy.Cells;

/// <summary>The energy at which a method's allocation loses the drop on the search split.</summary>
/// <param name="Reached">Whether the drop lies within the energies tried.</param>
/// <param name="Energy">E per multiply-accumulate.</param>
/// <param name="Low">95 % over the draws, these images only.</param>
/// <param name="High">Its upper end.</param>
/// <param name="LogBySeed">ln E draw by draw.</param>
/// <param name="Drop">The drop.</param>
/// <param name="Slope">d drop / d ln E there.</param>
/// <param name="Images">Images of the split.</param>
/// <param name="Seeds">R.</param>
/// <param name="ImagesPassed">Noisy images passed to find it.</param>
/// <param name="Discordance">psi there, one draw.</param>
/// <param name="PopulationLow">95 % for images like these: SE(ln E) = SE(drop) / |slope|.</param>
/// <param name="PopulationHigh">Its upper end.</param>
/// <param name="Reason">One sentence.</param>
internal sealed record EqualDrop(
    bool Reached,
    double Energy,
    double Low,
    double High,
    ImmutableArray<double> LogBySeed,
    double Drop,
    double Slope,
    int Images,
    int Seeds,
    long ImagesPassed,
    double Discordance,
    double PopulationLow,
    double PopulationHigh,
    string Reason)
{
    /// <summary>Whether the drop was still larger at the highest energy tried: more energy than <see cref="Low"/> is needed, if any is enough.</summary>
    public bool Exceeds => !Reached && Low > 0 && double.IsPositiveInfinity(High);

    /// <summary>Whether the drop was still smaller at the lowest energy tried: less than that is enough.</summary>
    public bool IsBelowLeast => !Reached && double.IsFinite(High);

    /// <summary>Whether energies on both sides of the drop were seen, but no fall between them, or none near where the line through two of them points.</summary>
    public bool IsUndetermined => !Reached && Low <= 0 && double.IsPositiveInfinity(High);

    /// <summary>What stands in a table where there is no energy.</summary>
    public string Absence => IsUndetermined ? "not determined" : IsBelowLeast ? "below the least energy" : "not reached";

    public static EqualDrop From(FixedSetEnergy found, int images, double discordance)
    {
        double error = Math.Sqrt(Math.Max(discordance - found.Drop * found.Drop, 0) / images);
        double factor = found.Reached && found.Slope < 0 ? Math.Exp(1.96 * error / -found.Slope) : double.PositiveInfinity;
        return new EqualDrop(
            found.Reached, found.Energy.Value, found.Energy.Interval.Low, found.Energy.Interval.High, found.LogEnergyBySeed, found.Drop, found.Slope,
            images, Math.Max(found.LogEnergyBySeed.Length, 1), found.ImagesPassed, discordance,
            double.IsFinite(factor) ? found.Energy.Value / factor : 0, found.Energy.Value * factor, found.Reason);
    }

    /// <summary>As the comparison takes it.</summary>
    public FixedSetEnergy ToFixedSet(string name) => new(
        name, Reached, new Estimate(Energy, new Interval(Low, High), "1", Seeds), LogBySeed, Drop, Slope, new EnergyPoint(Energy, []), [], ImagesPassed, Reason);
}
