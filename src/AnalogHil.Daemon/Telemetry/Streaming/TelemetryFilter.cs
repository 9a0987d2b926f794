using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Telemetry.Streaming;

/// <summary>Which samples a client wants.</summary>
/// <param name="Benches">Names of benches; empty: all.</param>
/// <param name="Kinds">Kinds; empty: all.</param>
/// <param name="Interval">Least time between two samples of one kind and bench; zero: none.</param>
internal sealed record TelemetryFilter(FrozenSet<string> Benches, FrozenSet<SampleKind> Kinds, TimeSpan Interval)
{
    /// <summary>Most names of benches.</summary>
    public const int MostBenches = 100;

    /// <summary>Longest time between two samples.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    /// <summary>Everything.</summary>
    public static TelemetryFilter All { get; } = new(FrozenSet<string>.Empty, FrozenSet<SampleKind>.Empty, TimeSpan.Zero);

    /// <summary>What a request asks for.</summary>
    /// <exception cref="CampaignException">RequestInvalid with every bad field.</exception>
    public static TelemetryFilter Of(StreamRequest request)
    {
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        if (request.Benches.Count > MostBenches)
        {
            errors.Add(new FieldError("benches", $"has {request.Benches.Count} names, at most {MostBenches} are allowed; leave it out for all benches"));
        }

        foreach (SampleKind kind in request.Kinds.Where(kind => kind == SampleKind.Unspecified || !Enum.IsDefined(kind)).Distinct())
        {
            errors.Add(new FieldError("kinds", $"has {kind}, which is no kind of sample; leave it out for all kinds"));
        }

        TimeSpan? interval = TimeSpan.Zero;
        if (request.Interval is { } asked)
        {
            bool fits = asked.Seconds >= 0 && asked.Nanos is >= 0 and < 1_000_000_000 && asked.Seconds <= (long)LongestInterval.TotalSeconds;
            interval = fits ? TimeSpan.FromSeconds(asked.Seconds) + TimeSpan.FromMicroseconds(asked.Nanos / 1000) : null;
            if (interval is null || interval > LongestInterval)
            {
                errors.Add(new FieldError("interval", string.Create(
                    CultureInfo.InvariantCulture,
                        $"is {asked.Seconds} s and {asked.Nanos} ns, must lie in 0 .. {LongestInterval.TotalSeconds} s; leave it out for every sample")));
            }
        }

        return errors.Count == 0
            ? new TelemetryFilter(request.Benches.ToFrozenSet(StringComparer.Ordinal), request.Kinds.ToFrozenSet(), interval!.Value)
            : throw new CampaignException(
                ErrorReason.RequestInvalid, "the request has errors: " + string.Join("; ", errors.Select(error => $"{error.Path} {error.Message}")))
            {
                Fields = errors.ToImmutable(),
            };
    }

    /// <summary>Whether a sample is wanted.</summary>
    public bool Wants(TelemetrySample sample) =>
        (Kinds.Count == 0 || Kinds.Contains(sample.Kind)) && (Benches.Count == 0 || Benches.Contains(sample.Bench));
}
