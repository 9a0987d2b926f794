namespace AnalogHil.Cli;

/// <summary>
/// What `hil` ends with: stable, for scripts. 0 to 2 are verdicts; the others follow sysexits.h where it has a fitting one.
/// </summary>
public enum ExitCode
{
    /// <summary>ACCEPT, or the command did what it was asked.</summary>
    Accept = 0,

    /// <summary>REJECT: the loss is shown to be above the target.</summary>
    Reject = 1,

    /// <summary>INCONCLUSIVE: the examples show neither, or the twin check does not hold.</summary>
    Inconclusive = 2,

    /// <summary>The command line is wrong (EX_USAGE).</summary>
    Usage = 64,

    /// <summary>An input is bad: bench, model or images (EX_DATAERR).</summary>
    BadInput = 65,

    /// <summary>The daemon or the device cannot be reached, or the bench is taken (EX_UNAVAILABLE).</summary>
    Unavailable = 69,

    /// <summary>A defect of this program (EX_SOFTWARE).</summary>
    Internal = 70,

    /// <summary>The record cannot be written (EX_CANTCREAT).</summary>
    CannotWrite = 73,

    /// <summary>
    /// Stopped or interrupted, the device is safe and the record can be resumed; or something changed meanwhile, read it and decide anew
    /// (EX_TEMPFAIL).
    /// </summary>
    Stopped = 75,

    /// <summary>The device's answers are damaged or contradict what it was told, or it cannot be calibrated (EX_PROTOCOL).</summary>
    DeviceFault = 76,

    /// <summary>The bench is leased to another, the lease is missing or has ended, or the caller's role does not allow it (EX_NOPERM).</summary>
    NotAllowed = 77,

    /// <summary>The network or its plan does not fit the device, the record does not fit the request, or the device is not armed (EX_CONFIG).</summary>
    DoesNotFit = 78,
}
