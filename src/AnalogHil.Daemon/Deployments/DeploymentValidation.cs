using System.Globalization;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.Daemon.Campaign.Verdicts;
using AnalogHil.Daemon.Enforcement;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Plans;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Devices.Contract;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Ledger;
using AnalogHil.Precision;
using AnalogHil.Precision.Routes;
using AnalogHil.Precision.Validation;
using AnalogHil.V1;
using Google.Protobuf;

namespace AnalogHil.Daemon.Deployments;

/// <summary>Measures the accuracy of what is in force on a device, as a long-running operation.</summary>
internal sealed class DeploymentValidation(DaemonOptions options, LongOperations operations, DeviceJournal journal, TimeProvider time)
{
    /// <summary>Kind of the operation.</summary>
    public const string Kind = "validate";

    private const int FewestImages = 100;
    private const int Units = 1000;

    /// <summary>Begins a validation; the device takes no changes until it ended.</summary>
    /// <param name="session">The device.</param>
    /// <param name="asked">What is asked for.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="right">The right of the call to drive the device, held until the validation ended; null: it brings none.</param>
    /// <param name="cancellationToken">Stops what comes before it: nothing begins for a caller who has gone.</param>
    /// <exception cref="CampaignException">Something about the request is wrong, no network is on the device, or another validation runs on it.</exception>
    public async Task<IOperation> StartAsync(
        DeviceSession session, ValidateRequest asked, OperationOrigin origin, DriveRight? right, CancellationToken cancellationToken)
    {
        try
        {
            return await BeginAsync(session, asked, origin, right, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            right?.Dispose();
            throw;
        }
    }

    private async Task<IOperation> BeginAsync(
        DeviceSession session, ValidateRequest asked, OperationOrigin origin, DriveRight? right, CancellationToken cancellationToken)
    {
        // In turn with changes: what is validated is what is on the device then.
        ChangeTurns.Turn turn = await session.Changes.TakeAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            StagedNetwork network = session.Network
                ?? throw new CampaignException(ErrorReason.NotArmed, $"bench {asked.Bench} holds no network of this session; stage and commit one first");
            StagedPlan plan = network.Active
                ?? throw new CampaignException(ErrorReason.NotArmed, $"bench {asked.Bench} has no plan in force; commit what is staged first");
            LabelledImages images = ImagesOf(asked, network, plan);
            string inForce = (await session.Device.ReadBackAsync(SettingsBank.Active, cancellationToken).ConfigureAwait(false)).Hash();
            if (inForce != plan.SettingsHash)
            {
                throw new CampaignException(
                    ErrorReason.Stale,
                    $"bench {asked.Bench}: settings {inForce} are in force, plan {plan.Hash} with settings {plan.SettingsHash} was committed; stage and commit a plan again");
            }

            cancellationToken.ThrowIfCancellationRequested();
            return operations.Start(new OperationTask(
                Kind,
                session.Path,
                asked,
                origin,
                (operation, token) =>
                {
                    turn.HoldFor(operation.Name);
                    return RunAsync(session, network, plan, images, asked, origin, operation, token);
                })
            {
                Ending = right?.Ending ?? CancellationToken.None,
                Holds = new Held(turn, right),
            });
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    private async Task<IMessage> RunAsync(
        DeviceSession session,
        StagedNetwork network,
        StagedPlan plan,
        LabelledImages images,
        ValidateRequest asked,
        OperationOrigin origin,
        LongOperation operation,
        CancellationToken cancellationToken)
    {
        var route = new DeviceRoute(network.Layout, session.Device, network.Correction);
        double target = asked.HasMaxDropPoints ? asked.MaxDropPoints : RequestReader.UsualMaxDropPoints;
        var validator = new DeviceValidator(network.Network, route, session.Device, new ValidationOptions { Target = target / 100 }, time)
        {
            Deployed = network.Deployed,
        };
        var progress = new DirectProgress<PrecisionProgress>(report =>
            operation.Report("validate", (long)(report.Fraction * Units), Units, report.Message, report.Remaining));
        ValidationRecord found = await validator.RunAsync(images, progress, cancellationToken).ConfigureAwait(false);
        var response = new ValidateResponse
        {
            Verdict = WireVerdict.Of(found.Decision.Verdict),
            Reason = found.Decision.Reason,
            Drop = new Core.Statistics.Estimate(
                100 * found.Decision.Drop, new Core.Statistics.Interval(100 * found.Decision.Limits.Low, 100 * found.Decision.Limits.High),
                    "percentage points", found.Examples, 0.9).ToMessage(),
            CleanAccuracyPercent = 100 * found.CleanAccuracy,
            DeviceAccuracyPercent = 100 * found.NoisyAccuracy,
            SettingsHash = plan.SettingsHash,
        };
        response.Layers.AddRange(plan.Plan.ToMessages());
        if (asked.RollbackOnReject && response.Verdict == Verdict.Reject)
        {
            session.Network = network.RolledBack(await RollBackAsync(session, origin).ConfigureAwait(false));
            response.RolledBack = true;
        }

        return response;
    }

    /// <returns>Hash of the settings in force then.</returns>
    private async Task<string> RollBackAsync(DeviceSession session, OperationOrigin origin)
    {
        try
        {
            await journal.SettleAsync(session.Path).ConfigureAwait(false);

            // The request has its reply, the operation; what the operation changes serves itself.
            return await SettingsChange.RollBackAsync(session, (origin.Owner, null), journal).ConfigureAwait(false);
        }
        catch (LedgerException unknown)
        {
            throw Refusal.Of(unknown);
        }
    }

    private LabelledImages ImagesOf(ValidateRequest asked, StagedNetwork network, StagedPlan plan)
    {
        var checks = new FieldChecks();
        checks.Require(!asked.HasMaxDropPoints || asked.MaxDropPoints is > 0 and < 100, "max_drop_points", string.Create(
            CultureInfo.InvariantCulture, $"is {asked.MaxDropPoints}, must lie strictly between 0 and 100 percentage points; 2 is usual"));
        checks.Require(
            !asked.HasMaxImages || asked.MaxImages >= FewestImages,
            "max_images",
            $"is {asked.MaxImages}, must be at least {FewestImages}; leave it out for all images");
        checks.Require(
            asked.Data.Length == 0 || Path.IsPathFullyQualified(asked.Data),
            "data",
            $"'{asked.Data}' is not an absolute path; give one on the daemon's machine");
        checks.ThrowIfAny();
        LabelledImages all = asked.Data.Length == 0 ? plan.Unseen : Unseen(asked.Data, network, plan);
        int count = Math.Min(all.Count, asked.HasMaxImages ? asked.MaxImages : all.Count);
        if (count < FewestImages)
        {
            throw new CampaignException(
                ErrorReason.DataInvalid,
                $"{all.Name} has {all.Count} images that nothing was chosen on, a validation needs at least {FewestImages}; give a larger set");
        }

        int[] order = [.. Enumerable.Range(0, all.Count)];
        new Random((int)((asked.HasSeed ? asked.Seed : RequestReader.UsualSeed) % int.MaxValue)).Shuffle(order);
        float[] pixels = new float[count * all.Shape.Size];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            all.Slice(order[i], 1).Span.CopyTo(pixels.AsSpan(i * all.Shape.Size));
            labels[i] = all.Labels[order[i]];
        }

        return new LabelledImages(all.Name, all.Shape, pixels, labels);
    }

    // A set has many names, by links and by copies: of the one that the plan was chosen on, whatever it is called, those that nothing was chosen on.
    private LabelledImages Unseen(string directory, StagedNetwork network, StagedPlan plan)
    {
        if (ResolvedPath.Of(directory) == ResolvedPath.Of(network.DataDirectory))
        {
            return plan.Unseen;
        }

        LabelledImages asked = Read(directory, network);
        bool same = asked.Labels.AsSpan().SequenceEqual(network.Test.Labels) && asked.Pixels.AsSpan().SequenceEqual(network.Test.Pixels);
        return same ? plan.Unseen : asked;
    }

    private LabelledImages Read(string directory, StagedNetwork network)
    {
        try
        {
            var onnx = (OnnxNetwork)network.Network;
            return TextSets.IsFor(onnx)
                ? TextSets.Open(directory, onnx, ImageSplit.Test, int.MaxValue)
                : ImageSets.Open(directory, Preprocessing.ForModel(network.ModelFile, onnx.Sha256, options.PreprocessingDirectory),
                    ImageSplit.Test, onnx.Classes, int.MaxValue);
        }
        catch (DataSetException wrong)
        {
            throw new CampaignException(ErrorReason.DataInvalid, wrong.Message, wrong) { Fields = [new FieldError("data", wrong.Message)] };
        }
    }

    private sealed record Held(ChangeTurns.Turn Turn, DriveRight? Right) : IDisposable
    {
        public void Dispose()
        {
            Turn.Dispose();
            Right?.Dispose();
        }
    }
}
