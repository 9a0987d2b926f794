using AnalogHil.Daemon.Errors;
using AnalogHil.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Operations;

/// <summary>
/// Takes up, before anything is served, what an earlier life of the daemon left. A campaign that was asked to goes on when the right to drive its
/// device still holds; any other waits, with its device safe: nobody may be there to see a device driven again.
/// </summary>
internal sealed partial class OperationRestoration(
    OperationLedger operations, CampaignIntake intake, DriveRights rights, ILogger<OperationRestoration> log) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach ((CampaignOperation campaign, RunRequest asked, string owner) in operations.Restore())
        {
            if (!campaign.ResumesAfterRestart)
            {
                LogWaits(campaign.Name, "it was not asked to go on by itself");
                continue;
            }

            DriveRight? right = null;
            try
            {
                right = rights.Take(asked.Bench, owner, asked.Mutation);
                intake.Continue(campaign, right, CancellationToken.None);
                LogContinued(campaign.Name);
            }
            catch (CampaignException refused)
            {
                right?.Dispose();
                LogWaits(campaign.Name, refused.Message);
                campaign.Events.OnNote(warning: true, $"it could not go on by itself: {refused.Message}");
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(7, LogLevel.Information, "{Operation} goes on after the restart", EventName = "campaign-goes-on")]
    private partial void LogContinued(string operation);

    [LoggerMessage(8, LogLevel.Warning, "{Operation} was interrupted and waits to be resumed: {Reason}", EventName = "campaign-waits")]
    private partial void LogWaits(string operation, string reason);
}
