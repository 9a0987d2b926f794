using System.Collections.Immutable;

namespace AnalogHil.Precision;

/// <summary>Where a long computation stands.</summary>
/// <param name="Phase">Which one.</param>
/// <param name="Fraction">Share of the phase that is done, 0 .. 1.</param>
/// <param name="Message">One line for a person.</param>
/// <param name="Remaining">Estimated time to the end of the phase; null while nothing is known.</param>
/// <param name="Repeats">Mean K of each layer in graph order, as far as the plan stands; empty before there is one.</param>
public sealed record PrecisionProgress(
    PrecisionPhase Phase, double Fraction, string Message, TimeSpan? Remaining, ImmutableArray<double> Repeats)
{
    /// <summary>How often learning and search have been gone through before, where several variants of the network are tried.</summary>
    public int Turn { get; init; }

    /// <summary>How often they will be in all.</summary>
    public int Turns { get; init; } = 1;
}
