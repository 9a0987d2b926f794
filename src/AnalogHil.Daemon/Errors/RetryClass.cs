namespace AnalogHil.Daemon.Errors;

/// <summary>What a client may do about an error: part of the contract of every reason.</summary>
public enum RetryClass
{
    /// <summary>The same call would fail again; something else must be changed first.</summary>
    Never,

    /// <summary>Certainly not executed: the same call, with the same request id, may be made again after a pause.</summary>
    Later,

    /// <summary>Something that the call was thought for has changed: read it again, decide anew, call with a new request id.</summary>
    AfterReading,

    /// <summary>Nobody knows whether it was executed: read the device back before anything else.</summary>
    AfterReconciling,
}
