using System.Collections.Immutable;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Errors;

/// <summary>Collects everything that is wrong with a request, so that its sender sees all of it at once.</summary>
internal sealed class FieldChecks
{
    private readonly ImmutableArray<FieldError>.Builder _errors = ImmutableArray.CreateBuilder<FieldError>();

    /// <summary>Something is wrong.</summary>
    /// <param name="field">Path of the field, e.g. "batches[2].vectors".</param>
    /// <param name="message">Value, limit, remedy.</param>
    public void Add(string field, string message) => _errors.Add(new FieldError(field, message));

    /// <summary>A field must hold.</summary>
    /// <returns>Whether it does.</returns>
    public bool Require(bool holds, string field, string message)
    {
        if (!holds)
        {
            Add(field, message);
        }

        return holds;
    }

    /// <summary>A text field must be given.</summary>
    public bool RequireGiven(string value, string field, string what) => Require(value.Length > 0, field, $"is missing; give {what}");

    /// <summary>Refuses the request if anything was wrong.</summary>
    /// <exception cref="CampaignException">With every bad field.</exception>
    public void ThrowIfAny(ErrorReason reason = ErrorReason.RequestInvalid)
    {
        if (_errors.Count > 0)
        {
            throw new CampaignException(reason, "the request has errors: " + string.Join("; ", _errors.Take(3).Select(error => $"{error.Path} {error.Message}"))
                + (_errors.Count > 3 ? $"; and {_errors.Count - 3} more" : ""))
            {
                Fields = _errors.ToImmutable(),
            };
        }
    }
}
