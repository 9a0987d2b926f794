using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Precision.Mapping;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Deployments;

/// <summary>Holds layouts to the tiles that a campaign calibrated: columns that none looked at have no gain, offset or noise that could be counted on.</summary>
internal sealed class CalibratedTiles(DaemonOptions options, TimeProvider time)
{
    /// <summary>Refuses a layout with weights in other tiles.</summary>
    /// <param name="network">The network and its layout.</param>
    /// <param name="record">Directory of the campaign's record.</param>
    /// <param name="recorded">What that campaign was asked for, on the bench of the device.</param>
    /// <exception cref="CampaignException">PlanDoesNotFit, naming a layer and its tile.</exception>
    public void Require(StagedNetwork network, string record, CampaignRequest recorded)
    {
        int[] used = [.. network.Layout.Map.TilesUsed];
        int[] beyond = [.. used.Except(Of(network, record, recorded))];
        if (beyond.Length == 0)
        {
            return;
        }

        MappedLayer layer = network.Layout.Map.Layers.First(each => each.Blocks.Any(block => block.Copies.Any(copy => copy.Tile == beyond[0])));
        throw new CampaignException(
            ErrorReason.PlanDoesNotFit,
            $"layer {layer.Shape.Layer} would lie in tile {beyond[0]}, which the campaign in {record} did not calibrate ({beyond.Length} of the {used.Length} tiles needed "
                + "were not); take a plan with fewer copies in space, or the record of a campaign with this network");
    }

    private IEnumerable<int> Of(StagedNetwork network, string record, CampaignRequest recorded)
    {
        if (CheckpointStore.Peek<KeptCalibration>(record, CampaignPhase.Calibrate)!.Tiles is { } kept)
        {
            return kept;
        }

        // An earlier version calibrated: the tiles of the campaign's own network, one copy of each layer.
        INetwork own = network.ModelFile == recorded.ModelFile ? network.Network : new InputReader(options, time).Read(recorded, wholeWhereItFits: true).Network;
        return TileMapper.Map(NetworkOnDevice.Shapes(own), network.Layout.Capabilities).TilesUsed;
    }
}
