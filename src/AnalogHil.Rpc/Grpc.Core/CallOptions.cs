namespace Grpc.Core;

/// <summary>Options of one call of a client.</summary>
/// <param name="headers">Metadata sent with the request; null: none.</param>
/// <param name="deadline">UTC instant at which the call ends with DEADLINE_EXCEEDED; null: never.</param>
/// <param name="cancellationToken">Cancels the call.</param>
/// <param name="writeOptions">Options of the request messages.</param>
public readonly struct CallOptions(
    Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default, WriteOptions? writeOptions = null)
    : IEquatable<CallOptions>
{
    /// <summary>Metadata sent with the request; null: none.</summary>
    public Metadata? Headers { get; private init; } = headers;

    /// <summary>UTC instant at which the call ends with DEADLINE_EXCEEDED; null: never.</summary>
    public DateTime? Deadline { get; private init; } = deadline;

    /// <summary>Cancels the call.</summary>
    public CancellationToken CancellationToken { get; private init; } = cancellationToken;

    /// <summary>Options of the request messages.</summary>
    public WriteOptions? WriteOptions { get; private init; } = writeOptions;

    /// <summary>All options are the same.</summary>
    public static bool operator ==(CallOptions left, CallOptions right) => left.Equals(right);

    /// <summary>Some option differs.</summary>
    public static bool operator !=(CallOptions left, CallOptions right) => !left.Equals(right);

    /// <summary>A copy with other headers.</summary>
    /// <param name="headers">Metadata sent with the request.</param>
    public CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };

    /// <summary>A copy with another deadline.</summary>
    /// <param name="deadline">UTC instant.</param>
    public CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };

    /// <summary>A copy with another token.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public CallOptions WithCancellationToken(CancellationToken cancellationToken) => this with { CancellationToken = cancellationToken };

    /// <summary>A copy with other write options.</summary>
    /// <param name="writeOptions">Options of the request messages.</param>
    public CallOptions WithWriteOptions(WriteOptions writeOptions) => this with { WriteOptions = writeOptions };

    /// <inheritdoc/>
    public bool Equals(CallOptions other) =>
        ReferenceEquals(Headers, other.Headers) && Deadline == other.Deadline
        && CancellationToken == other.CancellationToken && ReferenceEquals(WriteOptions, other.WriteOptions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CallOptions other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Headers, Deadline, CancellationToken, WriteOptions);
}
