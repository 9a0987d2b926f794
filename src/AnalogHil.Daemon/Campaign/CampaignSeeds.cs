using AnalogHil.Core.Numerics;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign;

/// <summary>Seeds of the steps: each its own, so that none reuses another's random numbers.</summary>
internal static class CampaignSeeds
{
    /// <summary>The seed of one step of a campaign.</summary>
    public static ulong Of(ulong campaignSeed, CampaignPhase phase) => GaussianKey.Derive(campaignSeed, (ulong)phase).Value;
}
