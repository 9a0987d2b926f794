using AnalogHil.Daemon.Campaign;

namespace AnalogHil.Daemon.Operations;

/// <summary>A campaign whose inputs are checked, before its turn.</summary>
/// <param name="Operation">Its operation.</param>
/// <param name="Prepared">Its inputs.</param>
/// <param name="Record">Its hold of the record's directory.</param>
/// <param name="Hold">Its hold of the bench; null when it waits for it.</param>
/// <param name="Right">Its right to drive the device; null: none is needed.</param>
internal sealed record QueuedCampaign(
    CampaignOperation Operation, PreparedCampaign Prepared, IDisposable Record, IDisposable? Hold, DriveRight? Right = null);
