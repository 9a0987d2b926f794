using System.Collections.Immutable;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Records.Plans;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Daemon.Campaign.Recording;

/// <summary>The budgets that were tried.</summary>
internal static class SearchSection
{
    /// <summary>Every budget tried, uniform plans first, ascending by energy.</summary>
    public static ImmutableArray<SearchPointRecord> Of(CampaignState state, PrecisionResult learned)
    {
        (_, int certification) = CampaignSplits.SizesOf(state);
        var rule = new AcceptanceRule(state.Request.MaxDropPoints / 100, certification, LearningTargets.Acceptance);
        IEnumerable<SearchPointRecord> points = PointsOf("uniform", learned.Uniform, rule);
        if (learned.Shape is not null)
        {
            points = points.Concat(PointsOf("learned", learned.Learned, rule));
        }

        return [.. points];
    }

    private static IEnumerable<SearchPointRecord> PointsOf(string strategy, BudgetOutcome outcome, AcceptanceRule rule) =>
        outcome.Points.Select(point => new SearchPointRecord(
            strategy,
            point.Energy,
            100 * point.Drop,
            100 * point.StandardError,
            point.Discordance,
            rule.Probability(point.Drop, point.Discordance, point.StandardError),
            point.Images,
            point.Energy == outcome.Energy));
}
