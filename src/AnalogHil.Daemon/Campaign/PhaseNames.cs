using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign;

/// <summary>Names of the steps for people and records.</summary>
public static class PhaseNames
{
    /// <summary>Lower-case name, e.g. "calibrate".</summary>
    public static string Of(CampaignPhase phase) => phase switch
    {
        CampaignPhase.Queued => "queued",
        CampaignPhase.Open => "open",
        CampaignPhase.Calibrate => "calibrate",
        CampaignPhase.Learn => "learn",
        CampaignPhase.Push => "push",
        CampaignPhase.Twin => "twin check",
        CampaignPhase.Validate => "validate",
        CampaignPhase.Record => "record",
        _ => "unspecified",
    };
}
