using System.Collections.Immutable;
using AnalogHil.Calibration;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Reports;
using AnalogHil.Devices.Contract;
using AnalogHil.Ledger.Leases;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>Runs one calibration on its bench: opens, arms, runs the routine graph, makes the device safe whatever happened, writes document and
/// report.</summary>
public static class CalibrationRunner
{
    private static readonly TimeSpan SafeDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Begins a calibration, or goes on with the one in the folder.</summary>
    /// <param name="order">What is asked for; on going on only its folder counts.</param>
    /// <param name="resume">Whether to go on.</param>
    /// <param name="earlier">The calibration in use of a device, by its uid; null where there is none. Its results are kept where their checks pass.</param>
    /// <param name="observer">Sees it happen.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops it; the device is made safe and the folder can be gone on with.</param>
    /// <exception cref="CampaignException">It ended without a result; what was read stays in the folder.</exception>
    public static async Task<CalibrationDocument> RunAsync(
        CalibrationOrder order, bool resume, Func<string, CalibrationDocument?> earlier, ICalibrationObserver observer, TimeProvider time,
            CancellationToken cancellationToken)
    {
        CalibrationOrderFile? there = resume ? CalibrationOrderFile.Find(order.OutputDirectory) : null;
        if (resume && there is null)
        {
            throw new CampaignException(ErrorReason.NotResumable,
                $"{order.OutputDirectory} holds no calibration that was begun; begin one with --out {order.OutputDirectory}");
        }

        CalibrationOrder asked = there is null ? order : there.Order with { OutputDirectory = order.OutputDirectory, Epoch = order.Epoch };
        Valid(asked.Options);
        CalibrationBench bench = CalibrationBench.Load(asked.BenchFile, time);
        CalibrationOrderFile file = there?.GoOn(bench.Sha256) ?? CalibrationOrderFile.Begin(asked, bench.Sha256, time.GetUtcNow());
        try
        {
            (SuiteOutcome outcome, DateTimeOffset finished) = await MeasureAsync(asked, file, bench, earlier, observer, time,
                cancellationToken).ConfigureAwait(false);
            CalibrationDocument document = Document(asked, file, bench, outcome, finished);
            DocumentFile.Write(asked.OutputDirectory, document, CalibrationHtml.Render(document, []));
            return document;
        }
        catch (Exception failure) when (failure is not CampaignException)
        {
            throw Explained(failure, asked, cancellationToken);
        }
    }

    private static async Task<(SuiteOutcome Outcome, DateTimeOffset Finished)> MeasureAsync(
        CalibrationOrder order, CalibrationOrderFile file, CalibrationBench bench, Func<string, CalibrationDocument?> earlier,
            ICalibrationObserver observer, TimeProvider time,
        CancellationToken cancellationToken)
    {
        ((SuiteOutcome outcome, DateTimeOffset finished), string? told) = await WithDeviceAsync(
            bench,
            order.Seed,
            file.Resumptions,
            order.Epoch,
            time,
            async device =>
            {
                DeviceIdentity identity = await device.IdentifyAsync(cancellationToken).ConfigureAwait(false);
                var folder = new RunFolder(order.OutputDirectory);
                var suite = new CalibrationSuite(device, order.Options, folder, time, bench.WaitAsync);
                SuiteOutcome outcome = await suite.RunAsync(
                    Known(earlier(identity.Uid), observer), new DirectProgress<SuiteProgress>(observer.OnProgress), step => observer.OnStep(step,
                        folder.ResultOf(step.Name)), cancellationToken).ConfigureAwait(false);
                return (outcome, time.GetUtcNow());
            },
            failure => Explained(failure, order, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        if (told is null)
        {
            return (outcome, finished);
        }

        observer.OnNote(true, told);
        return (outcome with { Warnings = outcome.Warnings.Add(told) }, finished);
    }

    /// <summary>Opens and arms a device, works with it and leaves it safe whatever happened.</summary>
    /// <returns>The result, and what to tell of a fault that is latched at the end; null without one.</returns>
    internal static async Task<(T Result, string? Told)> WithDeviceAsync<T>(
        CalibrationBench bench, ulong seed, int opening, long epoch, TimeProvider time, Func<IAnalogDevice, Task<T>> work,
        Func<Exception, CampaignException> explained, CancellationToken cancellationToken)
    {
        IAnalogDevice device = await bench.OpenAsync(seed, opening, cancellationToken).ConfigureAwait(false);
        await using (device.ConfigureAwait(false))
        {
            return await SafelyAsync(
                device,
                bench.Name,
                time,
                async armed =>
                {
                    // Without a lease: on the scale of the leases' epochs, so that neither this nor a lease after it is refused.
                    await armed.ArmAsync(epoch > 0 ? epoch : EpochClock.At(time.GetUtcNow(), bench.Name), cancellationToken).ConfigureAwait(false);
                    return await work(armed).ConfigureAwait(false);
                },
                explained).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Works with a device and makes it safe. A device that does not obey is the failure, whatever else happened; a fault that holds its drive off is told
    /// beside what happened, and takes nothing from a result.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="bench">Its bench, for the remedy.</param>
    /// <param name="time">Clock.</param>
    /// <param name="work">What to do with it.</param>
    /// <param name="explained">Reason and remedy of a failure of the work.</param>
    /// <returns>The result, and what to tell of a fault that is latched at the end; null without one.</returns>
    internal static async Task<(T Result, string? Told)> SafelyAsync<T>(
        IAnalogDevice device, string bench, TimeProvider time, Func<IAnalogDevice, Task<T>> work, Func<Exception, CampaignException> explained)
    {
        T result;
        try
        {
            result = await work(device).ConfigureAwait(false);
        }
        catch (Exception thrown)
        {
            CampaignException failure = thrown as CampaignException ?? explained(thrown);
            string? told = await MakeSafeAsync(device, bench, time, failure).ConfigureAwait(false);
            if (told is null)
            {
                throw;
            }

            throw new CampaignException(failure.Reason, $"{failure.Message}; {told}", thrown) { Fields = failure.Fields, Metadata = failure.Metadata };
        }

        return (result, await MakeSafeAsync(device, bench, time, null).ConfigureAwait(false));
    }

    private static ImmutableDictionary<string, KnownResult> Known(CalibrationDocument? document, ICalibrationObserver observer)
    {
        if (document is null)
        {
            return ImmutableDictionary<string, KnownResult>.Empty;
        }

        observer.OnNote(false, $"the results of {document.Id} of {document.Finished:u} are checked first");
        return document.Routines.Where(row => row.Entry.Record is not null && document.Results.ContainsKey(row.Name))
            .ToImmutableDictionary(row => row.Name, row => new KnownResult(
                row.Entry.Record!, document.Results[row.Name], row.Entry.Reads is { } reads ? Path.Combine(document.Folder, reads) : row.Entry.KeptReads));
    }

    private static CalibrationDocument Document(CalibrationOrder order, CalibrationOrderFile file, CalibrationBench bench, SuiteOutcome outcome,
        DateTimeOffset finished) => new()
    {
        Id = $"calibrations/{Guid.CreateVersion7(finished):N}",
        Whole = outcome.IsWhole,
        Device = outcome.Provenance.Device,
        Bench = bench.Name,
        BenchFile = order.BenchFile,
        BenchSha256 = bench.Sha256,
        Simulated = bench.IsSimulated,
        Tier = bench.Tier,
        FullScale = outcome.Provenance.FullScale,
        Columns = outcome.Provenance.Columns,
        DeviceTiles = outcome.Provenance.Tiles,
        Tiles = outcome.Tiles,
        Asked = order.Options,
        Started = file.Started,
        Finished = finished,
        ValidUntil = outcome.Routines.Where(routine => routine.Entry.Record is not null)
            .Select(routine => routine.Entry.Record!.Measured + SuiteCatalog.ValidFor(routine.Name, order.Options)).DefaultIfEmpty(finished).Min(),
        Seed = order.Seed,
        Resumptions = file.Resumptions,
        MadeBy = order.By,
        Program = BuildInfo.Version + (BuildInfo.Commit.Length > 0 ? "+" + BuildInfo.Commit : ""),
        Machine = BuildInfo.Runtime,
        Folder = order.OutputDirectory,
        ReadsSha256 = ReadsHash.Of(order.OutputDirectory, outcome.Routines.Select(routine => routine.Entry.Reads).OfType<string>()),
        Routines = [.. outcome.Routines.Select(routine => new RoutineRow(routine.Name, routine.Entry))],
        Results = outcome.Results,
        Warnings = outcome.Warnings,
        Assumptions =
        [
            "Reads of a column within a call differ by noise alone; each call is taken about its own mean.",
            "Noise of one read is Gaussian where intervals of sigma are concerned; heavier tails widen them by their excess kurtosis.",
            .. bench.IsSimulated ? (string[])["The device is simulated: its figures say nothing about hardware."] : [],
        ],
    };

    private static void Valid(SuiteOptions options)
    {
        try
        {
            options.Validate();
        }
        catch (ArgumentException wrong)
        {
            throw new CampaignException(ErrorReason.RequestInvalid, wrong.Message, wrong);
        }
    }

    private static async Task<string?> MakeSafeAsync(IAnalogDevice device, string bench, TimeProvider time, CampaignException? failure)
    {
        DeviceTelemetry? telemetry = null;
        Exception? disobeyed = null;
        try
        {
            using var deadline = new CancellationTokenSource(SafeDeadline, time);
            await device.EnterSafeStateAsync(deadline.Token).ConfigureAwait(false);
            telemetry = await device.ReadTelemetryAsync(deadline.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a driver throws here: it is told that the device may be driven.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            disobeyed = exception;
        }

        if (telemetry is not { IsOff: true })
        {
            throw new CampaignException(
                ErrorReason.DeviceUnavailable,
                $"the device is not shown to be safe: {disobeyed?.Message ?? LatchedFault.Report(telemetry!)}; switch its drive off by hand before touching it"
                    + (failure is null ? "" : $" (before that: {failure.Message})"),
                disobeyed ?? failure);
        }

        return LatchedFault.Of(telemetry) is { } fault ? LatchedFault.Tell("the device", fault, bench) : null;
    }

    private static CampaignException Explained(Exception failure, CalibrationOrder order, CancellationToken cancellationToken)
    {
        string goOn = $"reads are kept, go on with: hil calibrate --resume {order.OutputDirectory}";
        return failure switch
        {
            _ when cancellationToken.IsCancellationRequested && failure is OperationCanceledException or DeviceException { IsTransient: true } =>
                new CampaignException(ErrorReason.Cancelled, $"stopped on request; {goOn}", failure),
            DeviceException device => new CampaignException(
                device.Fault is DeviceFault.Timeout or DeviceFault.Disconnected or DeviceFault.Rebooted or DeviceFault.NotArmed or DeviceFault.Fenced
                    ? ErrorReason.DeviceUnavailable : ErrorReason.DeviceFault,
                $"{device.Message}; {goOn}",
                device),
            CalibrationException failed => new CampaignException(ErrorReason.CalibrationFailed, failed.Message, failed),
            InvalidDataException damaged => new CampaignException(ErrorReason.NotResumable, damaged.Message, damaged),
            IOException or UnauthorizedAccessException => new CampaignException(
                ErrorReason.OutputUnwritable,
                    $"the calibration cannot be written to {order.OutputDirectory}: {failure.Message.TrimEnd('.')}; free space or permit writing there, "
                        + $"then {goOn}", failure),
            _ => new CampaignException(ErrorReason.Internal,
                $"{failure.GetType().Name}: {failure.Message}; this is a defect of the program, please report it with {order.OutputDirectory}", failure),
        };
    }
}
