using AnalogHil.V1;

namespace AnalogHil.Cli;

/// <summary>The one table from what happened to what the process ends with.</summary>
internal static class ExitCodes
{
    /// <summary>Exit code of a verdict.</summary>
    public static ExitCode Of(Verdict verdict) => verdict switch
    {
        Verdict.Accept => ExitCode.Accept,
        Verdict.Reject => ExitCode.Reject,
        Verdict.Inconclusive => ExitCode.Inconclusive,
        _ => ExitCode.Internal,
    };

    /// <summary>Exit code of a failure.</summary>
    public static ExitCode Of(ErrorReason reason) => reason switch
    {
        ErrorReason.RequestInvalid or ErrorReason.RequestIdInvalid or ErrorReason.TooLarge => ExitCode.Usage,
        ErrorReason.BenchInvalid or ErrorReason.ModelInvalid or ErrorReason.DataInvalid or ErrorReason.NotFound or ErrorReason.PlanInvalid
            or ErrorReason.HashMismatch => ExitCode.BadInput,
        ErrorReason.BenchBusy or ErrorReason.QueueFull or ErrorReason.DeviceUnavailable => ExitCode.Unavailable,
        ErrorReason.DeviceFault or ErrorReason.CalibrationFailed or ErrorReason.OutcomeUnknown => ExitCode.DeviceFault,
        ErrorReason.PlanDoesNotFit or ErrorReason.NotResumable or ErrorReason.NotArmed => ExitCode.DoesNotFit,
        ErrorReason.OutputUnwritable => ExitCode.CannotWrite,
        ErrorReason.Cancelled or ErrorReason.Interrupted or ErrorReason.Stale => ExitCode.Stopped,
        ErrorReason.LeaseRequired or ErrorReason.LeaseHeld or ErrorReason.Fenced or ErrorReason.RoleInsufficient or ErrorReason.Unauthenticated => ExitCode.NotAllowed,
        _ => ExitCode.Internal,
    };

    /// <summary>For the help text: every code with what it means.</summary>
    public const string Help = """
        Exit codes:
          0  ACCEPT            1  REJECT              2  INCONCLUSIVE
         64  wrong usage      65  bad bench, model or images
         69  daemon, device or bench not available    70  defect of this program
         73  record cannot be written                 75  stopped on request, can be resumed
         76  device fault or contradiction, or it cannot be calibrated
         77  no lease, or the role does not allow it
         78  network, plan or record does not fit, or the device is not armed
        """;
}
