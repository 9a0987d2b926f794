using AnalogHil.Core.Numerics;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Inputs;

/// <summary>Seeds of the steps: each its own, so that none reuses another's random numbers.</summary>
internal static class CampaignSeeds
{
    /// <summary>The seed of one step of a campaign.</summary>
    public static ulong Of(ulong campaignSeed, CampaignPhase phase) => GaussianKey.Derive(campaignSeed, (ulong)phase).Value;

    /// <summary>Seed of the noise of a simulated device: a resumed campaign goes on with fresh noise, as it would on hardware.</summary>
    public static ulong OfDeviceNoise(ulong campaignSeed, int resumptions) =>
        GaussianKey.Derive(campaignSeed, (ulong)CampaignPhase.Open, (ulong)resumptions).Value;
}
