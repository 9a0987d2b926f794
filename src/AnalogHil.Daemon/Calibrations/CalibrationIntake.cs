using System.Collections.Immutable;
using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Operations;
using AnalogHil.V1;
using Google.Protobuf;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>Accepts calibrations: checks the request, takes the bench, starts the work as an operation.</summary>
internal sealed class CalibrationIntake(
    BenchDirectory benches, BenchLedger holds, DeviceJournal journal, DriveRights rights, LongOperations operations, CalibrationShelf shelf, TimeProvider time)
{
    /// <summary>Kind of the operation.</summary>
    public const string Kind = "calibrate";

    private const int Units = 1000;
    private const double MostHours = 1e6;

    /// <summary>Starts a calibration.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="given">The right of the call to drive the device, held until the calibration ended; null: it brings none.</param>
    /// <exception cref="CampaignException">It cannot be started; nothing was left behind.</exception>
    public IOperation Start(CalibrateRequest asked, OperationOrigin origin, DriveRight? given)
    {
        DriveRight? right = given;
        try
        {
            CalibrationOrder order = Read(asked, origin.Owner);

            // One that is gone on with names its bench by its folder only, which the gate does not see.
            right ??= rights.Take(order.BenchFile, origin.Owner, asked.Mutation);
            order = order with { Epoch = right?.Epoch ?? 0 };
            IDisposable hold = Hold(order);
            return operations.Start(new OperationTask(Kind, order.BenchFile, asked, origin, (operation, token) => RunAsync(order, asked, operation, token))
            {
                Ending = right?.Ending ?? CancellationToken.None,
                Holds = new HeldBench(hold, right),
            });
        }
        catch
        {
            right?.Dispose();
            throw;
        }
    }

    private CalibrationOrder Read(CalibrateRequest asked, string owner)
    {
        var checks = new FieldChecks();
        checks.Require(
            Path.IsPathFullyQualified(asked.OutputDirectory),
            "output_directory",
            $"'{asked.OutputDirectory}' is not an absolute path; give one on the daemon's machine");
        checks.Require(
            !asked.HasValidHours || asked.ValidHours is > 0 and <= MostHours,
            "valid_hours",
            FormattableString.Invariant($"is {asked.ValidHours}, must be above 0 and at most {MostHours}; 24 is usual"));
        if (!asked.Resume)
        {
            checks.RequireGiven(asked.Bench, "bench", "the name of a bench, or the absolute path of its file");
        }

        checks.ThrowIfAny();
        string? named = asked.Bench.Length > 0 ? benches.Locate(asked.Bench) : null;
        string bench = asked.Resume ? BenchOfBegun(asked.OutputDirectory, named) : named!;
        ulong seed = asked.HasSeed ? asked.Seed : (ulong)time.GetUtcNow().ToUnixTimeMilliseconds();
        var order = new CalibrationOrder(bench, asked.OutputDirectory, OptionsOf(asked), seed, owner);
        CalibrationBench.Load(bench, time);
        if (!asked.Resume)
        {
            CalibrationOrderFile.RequireEmpty(asked.OutputDirectory);
        }

        return order;
    }

    private static string BenchOfBegun(string folder, string? named)
    {
        CalibrationOrderFile begun = CalibrationOrderFile.Find(folder)
            ?? throw new CampaignException(ErrorReason.NotResumable, $"{folder} holds no calibration that was begun; begin one there without resume");
        return named is null || named == begun.Order.BenchFile
            ? begun.Order.BenchFile
            : throw new CampaignException(
                ErrorReason.NotResumable, $"the calibration in {folder} is of {begun.Order.BenchFile}, not of {named}; name its own bench, or none");
    }

    private IDisposable Hold(CalibrationOrder order) =>
        holds.TryAcquire(order.BenchFile, $"calibrate {order.OutputDirectory}", out IDisposable? hold, out string? holder)
            ? hold
            : throw new CampaignException(
                ErrorReason.BenchBusy,
                $"bench {order.BenchFile} is held by {holder}; wait for that to end, cancel it, or disarm its device (hil device disarm)")
            {
                Metadata = ImmutableDictionary<string, string>.Empty.Add("holder", holder).Add("bench", order.BenchFile),
            };

    private async Task<IMessage> RunAsync(CalibrationOrder order, CalibrateRequest asked, LongOperation operation, CancellationToken cancellationToken)
    {
        await journal.RequireSettledAsync(order.BenchFile).ConfigureAwait(false);
        CalibrationDocument document;
        try
        {
            document = await CalibrationRunner.RunAsync(
                order,
                asked.Resume,
                uid => asked.Fresh ? null : shelf.ActiveOf(uid),
                new ReportedCalibration(operation),
                time,
                cancellationToken).ConfigureAwait(false);
        }
        catch (CampaignException stopped) when (stopped.Reason == ErrorReason.Cancelled && !operation.Cancelled.IsCancellationRequested)
        {
            throw new CampaignException(
                ErrorReason.Interrupted,
                $"the daemon was stopped, or the lease on the bench ended; the reads are kept, go on with resume and output_directory {order.OutputDirectory}",
                stopped);
        }

        shelf.Add(document);
        bool used = document.Whole && !asked.NoActivate;
        if (used)
        {
            shelf.Activate(document.Id, order.By);
        }

        return new CalibrateResponse { Calibration = shelf.Find(document.Id).ToMessage(used), Whole = document.Whole };
    }

    private static SuiteOptions OptionsOf(CalibrateRequest asked)
    {
        var options = new SuiteOptions
        {
            Routines = asked.Routines.Count == 0 ? SuiteCatalog.Usual : [.. asked.Routines],
            RelativeHalfWidth = (asked.HasSigmaHalfWidthPercent ? asked.SigmaHalfWidthPercent : 5) / 100,
            ColumnHalfWidth = (asked.HasColumnHalfWidthPercent ? asked.ColumnHalfWidthPercent : 10) / 100,
            Tiles = asked.Tiles.Count == 0 ? null : [.. asked.Tiles],
            ValidFor = TimeSpan.FromHours(asked.HasValidHours ? asked.ValidHours : 24),
            KeepsEarlier = !asked.Fresh,
        };
        try
        {
            options.Validate();
        }
        catch (ArgumentException wrong)
        {
            throw new CampaignException(ErrorReason.RequestInvalid, wrong.Message, wrong);
        }

        return options;
    }

    private sealed class HeldBench(IDisposable hold, DriveRight? right) : IDisposable
    {
        public void Dispose()
        {
            hold.Dispose();
            right?.Dispose();
        }
    }

    private sealed class ReportedCalibration(LongOperation operation) : ICalibrationObserver
    {
        public void OnProgress(SuiteProgress progress) => operation.Report(
            progress.Routine, (long)(Units * progress.RoutineFraction), Units, $"routine {progress.Index} of {progress.Count}", progress.Remaining);

        public void OnStep(RoutineStep step, RoutineResult? result) => operation.Report(step.Name, Units, Units, $"{step.Outcome}: {step.Reason}");

        // Notes are of the kept results alone; what was done about each of them is told by its step.
        public void OnNote(bool warning, string message)
        {
        }
    }
}
