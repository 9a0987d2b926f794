using AnalogHil.Core.Statistics;

namespace AnalogHil.Daemon.Campaign.Verdicts;

/// <summary>What a campaign concludes from validation and twin check.</summary>
/// <param name="Verdict">The conclusion.</param>
/// <param name="Reason">Why, with figures.</param>
internal sealed record CampaignVerdict(Verdict Verdict, string Reason)
{
    /// <summary>The verdict of a finished campaign: that of the validation, but no ACCEPT where device and model disagree.</summary>
    public static CampaignVerdict Of(CampaignState state)
    {
        NonInferiorityResult decision = state.Validation!.Decision;
        if (state.Twin!.Agrees)
        {
            string unreachable = state.Learned!.Reachable || decision.Verdict == Verdict.Accept ? "" : $"; {state.Learned.Learned.Reason}";
            return new CampaignVerdict(decision.Verdict, decision.Reason + unreachable);
        }

        string twin = TwinVerdict.Reason(state.Twin);
        return decision.Verdict == Verdict.Accept
            ? new CampaignVerdict(Verdict.Inconclusive, $"{twin} (on the device itself {decision.Reason})")
            : new CampaignVerdict(decision.Verdict, $"{decision.Reason}; {twin}");
    }
}
