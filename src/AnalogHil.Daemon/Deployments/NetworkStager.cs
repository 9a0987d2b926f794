using System.Collections.Immutable;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Models;
using AnalogHil.Daemon.Plans;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.Search;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Deployments;

/// <summary>Brings a network and a plan to the staged bank of an armed device.</summary>
internal sealed class NetworkStager(DaemonOptions options, ModelShelf models, PlanShelf plans, DeviceJournal journal, TimeProvider time)
{
    /// <summary>
    /// Reads what is to be staged, programs the network where the device does not have it yet, stages the plan and compares what is read back.
    /// </summary>
    /// <param name="session">The device.</param>
    /// <param name="asked">What is to be staged.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellationToken">Stops before the device is changed.</param>
    /// <exception cref="CampaignException">An input is wrong, a K of the plan is beyond what averaging was seen to do, weights would lie in columns that were
    /// not calibrated, what is in force would end without leave, or the device holds something else than it was told.</exception>
    /// <exception cref="Ledger.LedgerException">OutcomeUnknown: programming broke off.</exception>
    public async Task StageAsync(
        DeviceSession session, StageRequest asked, string actor, CancellationToken cancellationToken)
    {
        var checks = new FieldChecks();
        checks.Require(
            Path.IsPathFullyQualified(asked.Record),
            "record",
            $"'{asked.Record}' is not an absolute path; give the record of a campaign on this bench, on the daemon's machine");
        checks.Require(
            asked.PlanCase != StageRequest.PlanOneofCase.UniformRepeats || asked.UniformRepeats >= 1,
            "uniform_repeats",
            $"is {asked.UniformRepeats}, must be at least 1");
        checks.ThrowIfAny();
        CampaignRequest recorded = RecordedNoise.RequestOf(asked.Record);
        string file = asked.Model.Length > 0 ? models.FileOf(asked.Model) : recorded.ModelFile;
        StagedNetwork? there = session.Network;
        bool isThere = there is not null && there.Record == asked.Record && there.ModelFile == file;
        StagedNetwork network = isThere ? there! : Read(session, asked.Record, recorded with { ModelFile = file }, plan: null);
        (PrecisionPlan wanted, LabelledImages unseen, ImmutableArray<string> notes) = PlanOf(session, asked, network, recorded);
        if (!HasCopiesOf(network.Layout, wanted))
        {
            isThere = false;
            network = Read(session, asked.Record, recorded with { ModelFile = file }, wanted);
        }

        var plan = new StagedPlan(wanted, network.Layout.SettingsOf(wanted).Hash(), unseen, notes);

        // Before the device is touched: a K that does not pay is refused as in a campaign.
        CertifiedPlan.Require(plan.Plan, network.Certificate);
        if (isThere)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        else
        {
            RequireCalibrated(network, asked, recorded, session);
            await RequireLeaveAsync(session, asked, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();

            // From here on no client stops it half-way: what is on the device is known before and after. It does not serve the request, which is done when
            // the plan is staged: made again, it leaves the same.
            session.Device.RequireArmed();
            session.Forget();
            await journal.ProgramAsync(DeviceChange.Of(session, (actor, null)), network.Layout.Programs).ConfigureAwait(false);
            session.Programmed(network.Layout.Programs);
            session.Network = network;
        }

        await SettingsChange.StageAsync(session, network.Layout.SettingsOf(plan.Plan), cancellationToken).ConfigureAwait(false);
        session.Network = network with { Staged = plan };
    }

    private static bool HasCopiesOf(NetworkOnDevice layout, PrecisionPlan plan) => layout.Map.Layers.Zip(plan.Layers)
        .All(pair => pair.First.Blocks.All(block => block.Copies.Length == (pair.Second.Mode == RedundancyMode.SpatialCopies ? pair.Second.Repeats.Max() : 1)));

    /// <summary>
    /// Programming drops the settings in force and those before them: what was validated is gone, and nothing brings it back. The device is asked, for it keeps
    /// them over sessions; a plan of copies alone has no settings, so that the session is asked too.
    /// </summary>
    private static async Task RequireLeaveAsync(DeviceSession session, StageRequest asked, CancellationToken cancellationToken)
    {
        if (asked.Reprogram)
        {
            return;
        }

        RedundancySettings settings = await session.Device.ReadBackAsync(SettingsBank.Active, cancellationToken).ConfigureAwait(false);
        if (session.Network?.Active is not null || !settings.Blocks.IsEmpty)
        {
            string ends = session.Network?.Active is { } plan ? $"plan {plan.Hash}" : $"settings {settings.Hash()}";
            throw new CampaignException(
                ErrorReason.PlanDoesNotFit,
                $"bench {asked.Bench}: {ends} in force would end, for the device would be programmed (it is not known to hold this network, with this record and these "
                    + "copies in space), and no rollback brings them back; stage with reprogram (--reprogram) if that is meant");
        }
    }

    /// <summary>Columns that no campaign looked at have no gain, offset or noise that could be counted on.</summary>
    private void RequireCalibrated(StagedNetwork network, StageRequest asked, CampaignRequest recorded, DeviceSession session)
    {
        int[] beyond = [.. network.Layout.Map.TilesUsed.Except(CalibratedTiles(network, asked, recorded, session))];
        if (beyond.Length == 0)
        {
            return;
        }

        MappedLayer layer = network.Layout.Map.Layers.First(each => each.Blocks.Any(block => block.Copies.Any(copy => copy.Tile == beyond[0])));
        throw new CampaignException(
            ErrorReason.PlanDoesNotFit,
            $"layer {layer.Shape.Layer} would lie in tile {beyond[0]}, which the campaign in {asked.Record} did not calibrate ({beyond.Length} of the "
                + $"{network.Layout.Map.TilesUsed.Count()} tiles needed were not); take a plan with fewer copies in space, or the record of a campaign with this network");
    }

    private IEnumerable<int> CalibratedTiles(StagedNetwork network, StageRequest asked, CampaignRequest recorded, DeviceSession session)
    {
        if (CheckpointStore.Peek<KeptCalibration>(asked.Record, CampaignPhase.Calibrate)!.Tiles is { } kept)
        {
            return kept;
        }

        // An earlier version calibrated: the tiles of the campaign's own network, one copy of each layer.
        INetwork own = network.ModelFile == recorded.ModelFile
            ? network.Network
            : new InputReader(options, time).Read(recorded with { BenchFile = session.Path }, wholeWhereItFits: true).Network;
        return TileMapper.Map(NetworkOnDevice.Shapes(own), network.Layout.Capabilities).TilesUsed;
    }

    // Laid out with the copies in space of a plan, or one of each layer.
    private StagedNetwork Read(DeviceSession session, string record, CampaignRequest recorded, PrecisionPlan? plan)
    {
        KeptCalibration kept = CheckpointStore.Peek<KeptCalibration>(record, CampaignPhase.Calibrate)
            ?? throw new CampaignException(
                ErrorReason.NotFound,
                $"{record} holds no calibration; give the record of a campaign that came past its calibration");
        DeviceIdentity identity = session.Device.Figures.Identity!;
        if (kept.DeviceUid != identity.Uid)
        {
            throw new CampaignException(
                ErrorReason.CalibrationFailed,
                $"the calibration in {record} is of device {kept.DeviceUid}, on this bench answers {identity.Uid}; run a campaign on this bench first");
        }

        CampaignInputs inputs = new InputReader(options, time).Read(recorded with { BenchFile = session.Path }, wholeWhereItFits: true);
        DeviceCapabilities can = session.Device.Capabilities;
        TileMap map = TileMapper.Map(NetworkOnDevice.Shapes(inputs.Network, plan), can);
        NetworkOnDevice layout = FittedLayout.Of(inputs.Network, can, map, inputs.Calibration);
        return new StagedNetwork(
            inputs.Network, recorded.ModelFile, inputs.Fingerprint.ModelSha256, layout, kept.Result.Correction, record, recorded.DataDirectory, inputs.Test)
        {
            Certificate = kept.Certificate,
        };
    }

    private (PrecisionPlan Plan, LabelledImages Unseen, ImmutableArray<string> Notes) PlanOf(
        DeviceSession session, StageRequest asked, StagedNetwork network, CampaignRequest recorded)
    {
        DeviceCapabilities can = network.Layout.Capabilities;
        RedundancyMode mode = can.MaxRepeats.ContainsKey(RedundancyMode.ReadAndAverage) ? RedundancyMode.ReadAndAverage : RedundancyMode.AccumulateThenRead;
        if (asked.PlanCase == StageRequest.PlanOneofCase.PlanName)
        {
            PlanFile file = plans.Read(asked.PlanName);
            PrecisionPlan plan = PlanOfFile.Of(file, network.Network, network.ModelSha256, mode);
            return (plan, UnseenBy(file, network), [.. NotesOn(file, plan, network, mode, session.Device.Figures.Identity!.Uid)]);
        }

        (PrecisionPlan own, LabelledImages unseen) = asked.PlanCase == StageRequest.PlanOneofCase.UniformRepeats
            ? (new PlanLayout(network.Layout, Granularity.Layer, mode).Uniform(asked.UniformRepeats), network.Test)
            : OfRecord(asked.Record, network, recorded);
        return (own, unseen, []);
    }

    // Only of the set that it was chosen on can be told what it has seen.
    private static bool IsOfSet(PlanFile file, StagedNetwork network) =>
        file.Data.Name == network.Test.Name && (long)file.Data.SearchImages + file.Data.CertificationImages <= network.Test.SetCount;

    private static LabelledImages UnseenBy(PlanFile file, StagedNetwork network) =>
        !IsOfSet(file, network) ? network.Test
            : network.Test.Drawn is null && Math.Min(file.Data.SearchImages, file.Data.CertificationImages) >= Splits.FewestExamples
                ? Splits.Create(network.Test, file.Data.SearchImages, file.Data.CertificationImages, file.Seeds.Split).Certification
                : Splits.Unsearched(network.Test, file.Data.SearchImages, file.Seeds.Split);

    /// <summary>What the plan's own figures do not hold for here; a validation tells what it does on this device.</summary>
    private static IEnumerable<string> NotesOn(PlanFile file, PrecisionPlan plan, StagedNetwork network, RedundancyMode measured, string uid)
    {
        if (file.Noise.Kind == PlanNoise.OfLaw)
        {
            yield return $"the plan was learned against the law {file.Noise.Law}, not against noise measured on this device; validate it before you rely on it";
        }
        else if (file.Noise.Device != uid)
        {
            yield return $"the plan was learned against the noise of device {file.Noise.Device ?? "(not told)"}, this is {uid}; validate it before you rely on it";
        }

        if (!IsOfSet(file, network))
        {
            yield return $"the plan was chosen on images of {file.Data.Name}, the record's campaign had {network.Test.Name}: which of these the plan has seen is not known; "
                + "validate it on images that it has not (--data)";
        }

        string[] copied = [.. plan.Layers.Where(layer => layer.Mode == RedundancyMode.SpatialCopies && layer.Repeats.Max() > 1).Select(layer => layer.Layer)];
        if (copied.Length > 0)
        {
            yield return $"repeated by copies in space: {string.Join(", ", copied)}; that what copies have in common averages out was not measured in the campaign; validate it before you rely on it";
        }

        string[] other =
        [
            .. plan.Layers.Where(layer => layer.Mode != RedundancyMode.SpatialCopies && layer.Mode != measured && layer.Repeats.Max() > 1).Select(layer => layer.Layer),
        ];
        if (other.Length > 0)
        {
            yield return $"repeated otherwise than the campaign measured ({ModeNames.Of(measured)}): {string.Join(", ", other)}; that repeats pay there was not seen; validate it before you rely on it";
        }
    }

    private static (PrecisionPlan Plan, LabelledImages Unseen) OfRecord(string record, StagedNetwork network, CampaignRequest recorded)
    {
        PrecisionResult learned = CheckpointStore.Peek<PrecisionResult>(record, CampaignPhase.Learn)
            ?? throw new CampaignException(
                ErrorReason.NotFound,
                $"{record} holds no plan, its campaign did not come past learning; name a plan, or uniform repeats");
        if (!learned.Corrections.IsDefaultOrEmpty)
        {
            throw new CampaignException(
                ErrorReason.PlanInvalid,
                $"the plan in {record} was learned with full scales or digital gains and offsets of its own, and settings alone do not hold them; "
                    + "run its campaign again, or name a plan without a correction");
        }

        return recorded.ModelFile == network.ModelFile
            ? (learned.Plan, CampaignSplits.Of(network.Test, recorded).Certification)
            : throw new CampaignException(
                ErrorReason.PlanInvalid,
                $"the plan in {record} was learned for {recorded.ModelFile}; for {network.ModelFile} name another plan");
    }
}
