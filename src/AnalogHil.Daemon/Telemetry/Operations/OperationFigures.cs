using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Operations;
using AnalogHil.V1;
using Google.LongRunning;

namespace AnalogHil.Daemon.Telemetry.Operations;

/// <summary>How far an operation is, whatever its kind.</summary>
/// <param name="Kind">What runs.</param>
/// <param name="Bench">Name of the bench; empty where no device takes part.</param>
/// <param name="Phase">The step it is in.</param>
/// <param name="Done">Units of work done in it.</param>
/// <param name="Total">Units of work of it; 0: not known.</param>
/// <param name="Waits">Whether it waits: for its turn, or to be resumed.</param>
internal sealed record OperationFigures(string Kind, string Bench, string Phase, long Done, long Total, bool Waits)
{
    /// <summary>The figures of an operation as clients see it.</summary>
    public static OperationFigures Of(Operation operation)
    {
        if (operation.Metadata?.TryUnpack(out RunMetadata campaign) == true)
        {
            return new OperationFigures(
                OperationLedger.CampaignKind, NameOf(campaign.Bench), PhaseNames.Of(campaign.Phase), campaign.Done, campaign.Total,
                campaign.Interrupted || campaign.Phase is CampaignPhase.Queued or CampaignPhase.Unspecified);
        }

        return operation.Metadata?.TryUnpack(out OperationMetadata other) == true
            ? new OperationFigures(other.Kind, NameOf(other.Bench), other.Phase, other.Done, other.Total, false)
            : new OperationFigures("other", "", "", 0, 0, false);
    }

    private static string NameOf(string benchFile) => Path.GetFileNameWithoutExtension(benchFile);
}
