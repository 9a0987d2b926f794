using System.Collections.Immutable;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Search.Budgets;

/// <summary>What a budget search found.</summary>
/// <param name="Reachable">Whether any budget within the device's limit is predicted to be accepted.</param>
/// <param name="Plan">The cheapest such plan; the least noisy plan there is where none is.</param>
/// <param name="Energy">Its energy relative to one repeat of everything (<see cref="PrecisionPlan.RelativeEnergy"/>).</param>
/// <param name="EnergyInterval">95 % interval of the energy that the search was for: SE(ln E) = SE(drop) / |d drop / d ln E|. Unbounded above where the target is not reachable.</param>
/// <param name="Drop">Drop of the plan by the fitted curve, a fraction; not by its own luck.</param>
/// <param name="DropStandardError">Its standard error.</param>
/// <param name="Discordance">psi of the plan by the fitted curve.</param>
/// <param name="PredictedAcceptance">Probability that the certification accepts the plan, the search's own uncertainty included.</param>
/// <param name="Slope">d drop / d ln E at the plan.</param>
/// <param name="Points">Every budget tried, ascending by energy.</param>
/// <param name="Reason">One sentence for a person.</param>
public sealed record BudgetOutcome(
    bool Reachable,
    PrecisionPlan Plan,
    double Energy,
    Interval EnergyInterval,
    double Drop,
    double DropStandardError,
    double Discordance,
    double PredictedAcceptance,
    double Slope,
    ImmutableArray<SearchPoint> Points,
    string Reason);
