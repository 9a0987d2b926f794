using AnalogHil.Calibration.Averaging;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Networks;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Models;
using AnalogHil.Daemon.Plans;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.Search;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Deployments;

/// <summary>Brings a network and a plan to the staged bank of an armed device.</summary>
internal sealed class NetworkStager(DaemonOptions options, ModelShelf models, PlanShelf plans, DeviceJournal journal, TimeProvider time)
{
    private readonly CalibratedTiles _calibrated = new(options, time);

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
        string record = Path.TrimEndingDirectorySeparator(Path.GetFullPath(asked.Record));
        CampaignRequest recorded = RecordedNoise.RequestOf(record);
        string file = asked.Model.Length > 0 ? models.FileOf(asked.Model) : recorded.ModelFile;
        StagedNetwork? there = session.Network;
        bool isThere = there is not null && there.Record == record && there.ModelFile == file;
        StagedNetwork network = isThere ? there! : Read(session, record, recorded with { ModelFile = file }, wanted: null);
        WantedPlan wanted = PlanOf(session, asked, network, recorded);
        if (!network.Holds(wanted))
        {
            isThere = false;
            network = Read(session, record, recorded with { ModelFile = file }, wanted);
        }

        var plan = new StagedPlan(wanted.Plan, network.Layout.SettingsOf(wanted.Plan).Hash(), network.Variant?.Hash, wanted.Unseen, wanted.Notes);

        // Before the device is touched: a K that does not pay is refused as in a campaign.
        CertifiedPlan.Require(plan.Plan, network.Certificate);
        if (isThere)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        else
        {
            _calibrated.Require(network, record, recorded with { BenchFile = session.Path });
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
                $"bench {asked.Bench}: {ends} in force would end, for the device would be programmed (it is not known to hold this network, with this record and the "
                    + "copies in space, full scales and digital gains of this plan), and no rollback brings them back; stage with reprogram (--reprogram) if that is meant");
        }
    }

    // Laid out with the copies in space and the full scales of a plan, or one copy of each layer with those that hold all that was seen.
    private StagedNetwork Read(DeviceSession session, string record, CampaignRequest recorded, WantedPlan? wanted)
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
        TileMap map = TileMapper.Map(NetworkOnDevice.Shapes(inputs.Network, wanted?.Plan), can);
        NetworkOnDevice layout = wanted?.Variant is { } variant
            ? variant.LayOut(inputs.Network, can, map, inputs.Calibration)
            : FittedLayout.Of(inputs.Network, can, map, inputs.Calibration);
        return new StagedNetwork(
            inputs.Network, recorded.ModelFile, inputs.Fingerprint.ModelSha256, layout, kept.Result.Correction, record, recorded.DataDirectory, inputs.Test)
        {
            DataSha256 = inputs.Fingerprint.DataSha256,
            Certificate = kept.Certificate,
            Variant = wanted?.Variant,
        };
    }

    private WantedPlan PlanOf(DeviceSession session, StageRequest asked, StagedNetwork network, CampaignRequest recorded)
    {
        RedundancyMode mode = AveragingAcquisition.ModeOf(network.Layout.Capabilities);
        if (asked.PlanCase == StageRequest.PlanOneofCase.PlanName)
        {
            PlanFile file = plans.Read(asked.PlanName);
            PrecisionPlan plan = PlanOfFile.Of(file, network.Network, network.ModelSha256, mode);
            return new WantedPlan(plan, ImportedPlan.UnseenBy(file, network.Test))
            {
                Notes = [.. ImportedPlan.NotesOn(file, plan, network.Test, mode, session.Device.Figures.Identity!.Uid)],
            };
        }

        return asked.PlanCase == StageRequest.PlanOneofCase.UniformRepeats
            ? new WantedPlan(new PlanLayout(network.Layout, Granularity.Layer, mode).Uniform(asked.UniformRepeats), network.Test)
            : OfRecord(network.Record, network, recorded);
    }

    private static WantedPlan OfRecord(string record, StagedNetwork network, CampaignRequest recorded)
    {
        PrecisionResult learned = CheckpointStore.Peek<PrecisionResult>(record, CampaignPhase.Learn)
            ?? throw new CampaignException(
                ErrorReason.NotFound,
                $"{record} holds no plan, its campaign did not come past learning; name a plan, or uniform repeats");
        if (recorded.ModelFile != network.ModelFile)
        {
            throw new CampaignException(
                ErrorReason.PlanInvalid,
                $"the plan in {record} was learned for {recorded.ModelFile}; for {network.ModelFile} name another plan");
        }

        Fingerprint from = CheckpointStore.FingerprintOf(record, CampaignPhase.Learn)!;
        foreach ((string what, string then, string now) in new[]
        {
            ("model file", from.ModelSha256, network.ModelSha256), ("images", from.DataSha256, network.DataSha256),
        })
        {
            if (then != now)
            {
                throw new CampaignException(
                    ErrorReason.PlanInvalid,
                    $"the {what} changed since the plan in {record} was learned (SHA-256 {then}, now {now}); put back what it was, run a campaign anew, or name another plan");
            }
        }

        LearnedVariant? variant = LearnedVariant.Of(learned);
        return new WantedPlan(learned.Plan, CampaignSplits.Of(network.Test, recorded).Certification)
        {
            Variant = variant,
            Notes = variant is null ? [] : [variant.Note],
        };
    }
}
