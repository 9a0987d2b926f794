namespace Grpc.Core;

/// <summary>Result of a call: the code and, for an error, a message for the developer.</summary>
/// <param name="statusCode">The canonical code.</param>
/// <param name="detail">Cause, value, limit, remedy; empty on success.</param>
/// <param name="debugException">The local exception behind the status; never sent over the wire.</param>
public readonly struct Status(StatusCode statusCode, string detail, Exception? debugException) : IEquatable<Status>
{
    /// <summary>Success, with no message.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");

    /// <summary>Cancelled, with no message.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    private readonly string? _detail = detail;

    /// <summary>A status without a local exception.</summary>
    /// <param name="statusCode">The canonical code.</param>
    /// <param name="detail">Cause, value, limit, remedy; empty on success.</param>
    public Status(StatusCode statusCode, string detail)
        : this(statusCode, detail, null)
    {
    }

    /// <summary>The canonical code.</summary>
    public StatusCode StatusCode { get; } = statusCode;

    /// <summary>The message; never null.</summary>
    public string Detail => _detail ?? "";

    /// <summary>The local exception behind the status, if any; never sent over the wire.</summary>
    public Exception? DebugException { get; } = debugException;

    /// <summary>Same code and message.</summary>
    public static bool operator ==(Status left, Status right) => left.Equals(right);

    /// <summary>Another code or message.</summary>
    public static bool operator !=(Status left, Status right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Status other) => StatusCode == other.StatusCode && Detail == other.Detail;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Status other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StatusCode, Detail);

    /// <inheritdoc/>
    public override string ToString() => $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\")";
}
