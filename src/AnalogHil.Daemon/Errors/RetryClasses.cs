using AnalogHil.V1;

namespace AnalogHil.Daemon.Errors;

/// <summary>The one table from reasons to retry classes.</summary>
public static class RetryClasses
{
    /// <summary>Retry class of a reason.</summary>
    public static RetryClass Of(ErrorReason reason) => reason switch
    {
        ErrorReason.DeviceUnavailable or ErrorReason.QueueFull => RetryClass.Later,
        ErrorReason.Stale or ErrorReason.Interrupted or ErrorReason.Fenced => RetryClass.AfterReading,
        ErrorReason.OutcomeUnknown => RetryClass.AfterReconciling,
        _ => RetryClass.Never,
    };

    /// <summary>The least pause before the same call may be made again; null where it may not.</summary>
    public static TimeSpan? PauseOf(ErrorReason reason) => reason switch
    {
        ErrorReason.DeviceUnavailable => TimeSpan.FromSeconds(1),
        ErrorReason.QueueFull => TimeSpan.FromSeconds(10),
        _ => null,
    };
}
