using AnalogHil.V1;

namespace AnalogHil.Cli.Views;

/// <summary>Shows a campaign while it runs.</summary>
internal interface ICampaignView
{
    /// <summary>Shows every event up to the last.</summary>
    /// <returns>The last event: result or error.</returns>
    Task<CampaignEvent> FollowAsync(IAsyncEnumerable<CampaignEvent> events);
}
