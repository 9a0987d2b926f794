using AnalogHil.Daemon.Records;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Verdicts;

/// <summary>Verdicts as they go over the wire.</summary>
public static class WireVerdict
{
    /// <summary>The verdict of a record; unspecified for a partial one.</summary>
    public static Verdict Of(CampaignRecord record) => record.Verdict is { } verdict ? Of(verdict) : Verdict.Unspecified;

    /// <summary>The same verdict.</summary>
    internal static Verdict Of(Core.Statistics.Verdict verdict) => verdict switch
    {
        Core.Statistics.Verdict.Accept => Verdict.Accept,
        Core.Statistics.Verdict.Reject => Verdict.Reject,
        Core.Statistics.Verdict.Inconclusive => Verdict.Inconclusive,
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "this verdict has no name on the wire yet"),
    };
}
