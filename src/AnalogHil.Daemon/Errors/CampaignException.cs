using System.Collections.Immutable;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Errors;

/// <summary>Why a request was refused or a campaign ended without a verdict. The message says cause, value, limit and remedy.</summary>
public sealed class CampaignException : Exception
{
    /// <summary>Creates the error.</summary>
    public CampaignException(ErrorReason reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>Kind of failure: decides the status code on the wire and the exit code of the command line.</summary>
    public ErrorReason Reason { get; }

    /// <summary>Every error of an input, where more than one was found.</summary>
    public ImmutableArray<FieldError> Fields { get; init; } = [];

    /// <summary>Figures for machines: cause, value, limit, remedy, holder; lower-case keys.</summary>
    public ImmutableDictionary<string, string> Metadata { get; init; } = ImmutableDictionary<string, string>.Empty;
}
