using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.Daemon.Campaign.Recording;
using AnalogHil.Daemon.Campaign.Steps;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Json;
using AnalogHil.Daemon.Records.Reads;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Precision.Search;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign;

/// <summary>Prepares campaigns on real inputs.</summary>
internal sealed class CampaignFactory(DaemonOptions options, DeviceRoll roll, DeviceJournal journal, TimeProvider time) : ICampaignFactory
{
    /// <inheritdoc/>
    public PreparedCampaign Prepare(CampaignRequest request, ICampaignObserver observer)
    {
        CampaignInputs inputs = new InputReader(options, time).Read(request);
        inputs = inputs with { Bench = new AttendedBench(inputs.Bench, request.BenchFile, roll) };
        var checkpoints = new CheckpointStore(request.OutputDirectory, inputs.Fingerprint);
        if (request.Resume)
        {
            RequirePartial(request.OutputDirectory);

            // Read now, so that results of something else are refused before anything runs.
            _ = checkpoints.Load<KeptCalibration>(CampaignPhase.Calibrate);
            _ = checkpoints.Load<PrecisionResult>(CampaignPhase.Learn);
        }

        return new PreparedCampaign(cancellationToken => RunAsync(request, inputs, checkpoints, observer, cancellationToken));
    }

    /// <summary>A verdict is given once: validating again until it pleases would spoil its level.</summary>
    private static void RequirePartial(string directory)
    {
        try
        {
            if (RecordWriter.Read(directory).Status == RecordStatus.Complete)
            {
                throw new CampaignException(
                    ErrorReason.NotResumable, $"the campaign in {directory} is complete; see it with hil report {directory}, or start a new one in another directory");
            }
        }
        catch (FileNotFoundException)
        {
            // It was stopped before its first step.
        }
        catch (RecordFormatException unreadable)
        {
            throw new CampaignException(ErrorReason.NotResumable, $"{directory}: {unreadable.Message}", unreadable);
        }
    }

    private async Task<RunResponse> RunAsync(
        CampaignRequest request, CampaignInputs inputs, CheckpointStore checkpoints, ICampaignObserver observer, CancellationToken cancellationToken)
    {
        if (request.Resume)
        {
            // It may have waited long for its turn.
            RequirePartial(request.OutputDirectory);
        }

        CampaignRecorder recorder;
        NpyReadArchive archive;
        try
        {
            archive = new NpyReadArchive(request.OutputDirectory);
            recorder = CampaignRecorder.Open(request, archive, time);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failures.Unwritable(request.OutputDirectory, exception, null);
        }

        using (archive)
        {
            var state = new CampaignState
            {
                Request = request,
                Inputs = inputs,
                Checkpoints = checkpoints,
                Archive = archive,
                Started = time.GetUtcNow(),
                Resumptions = recorder.Resumptions,
            };
            ICampaignStep[] steps =
            [
                new OpenStep(time), new CalibrateStep(time), new LearnStep(time), new PushStep(journal), new TwinStep(time), new ValidateStep(time),
            ];
            DeviceRecovery? recovery = inputs.Bench.RecoveryLimit > TimeSpan.Zero ? new DeviceRecovery(inputs.Bench.RecoveryLimit, time) : null;
            return await new CampaignRunner(steps, recorder, observer, time, recovery).RunAsync(state, cancellationToken).ConfigureAwait(false);
        }
    }
}
