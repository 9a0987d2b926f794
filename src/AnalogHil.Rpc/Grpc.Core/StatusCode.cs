namespace Grpc.Core;

/// <summary>The canonical result codes of gRPC; the numbers are the wire values.</summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The caller cancelled the call.</summary>
    Cancelled = 1,

    /// <summary>An error without a known cause, such as an unexpected exception in a handler.</summary>
    Unknown = 2,

    /// <summary>An argument is wrong whatever the state of the system.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call ended; the work may have been done.</summary>
    DeadlineExceeded = 4,

    /// <summary>The named thing does not exist.</summary>
    NotFound = 5,

    /// <summary>The thing to create exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known but may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A limit is used up: a quota, space, or the size of a message.</summary>
    ResourceExhausted = 8,

    /// <summary>The system is not in the state that the call needs; retry only after changing it.</summary>
    FailedPrecondition = 9,

    /// <summary>A conflict with a concurrent change; retry from the beginning of the read-change-write.</summary>
    Aborted = 10,

    /// <summary>A position or value outside the valid range of the present state.</summary>
    OutOfRange = 11,

    /// <summary>The server does not have this service, method or encoding.</summary>
    Unimplemented = 12,

    /// <summary>An invariant is broken, such as a malformed message on the wire.</summary>
    Internal = 13,

    /// <summary>The server cannot be reached or cannot serve now; a retry may help.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or damaged beyond recovery.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
