using System.Collections.Immutable;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Search.Budgets;

/// <summary>What a search for the smallest energy found, for continuous energies or whole repeats.</summary>
/// <param name="Reachable">Whether any energy within the limits is predicted to be accepted.</param>
/// <param name="Point">The cheapest such allocation; the fewest repeats that lose no more than the largest where none is.</param>
/// <param name="EnergyInterval">95 % interval of the energy that the search was for: SE(ln E) = SE(drop) / |d drop / d ln E|. Unbounded above where the target is not reachable.</param>
/// <param name="Drop">Drop by the fitted curve, a fraction; not by the point's own luck.</param>
/// <param name="DropStandardError">Its standard error.</param>
/// <param name="Discordance">psi by the fitted curve.</param>
/// <param name="PredictedAcceptance">Probability that the certification accepts, the search's own uncertainty included.</param>
/// <param name="Slope">d drop / d ln E there.</param>
/// <param name="Points">Every energy tried, ascending.</param>
/// <param name="Reason">One sentence for a person.</param>
public sealed record EnergyOutcome(
    bool Reachable,
    EnergyPoint Point,
    Interval EnergyInterval,
    double Drop,
    double DropStandardError,
    double Discordance,
    double PredictedAcceptance,
    double Slope,
    ImmutableArray<SearchPoint> Points,
    string Reason)
{
    /// <summary>Mean E per multiply-accumulate of the allocation.</summary>
    public double Energy => Point.MeanEnergy;

    internal BudgetOutcome ToBudget() => new(
        Reachable,
        Point.Plan ?? throw new InvalidOperationException("continuous energies have no plan"),
        Energy,
        EnergyInterval,
        Drop,
        DropStandardError,
        Discordance,
        PredictedAcceptance,
        Slope,
        Points,
        Reason);
}
