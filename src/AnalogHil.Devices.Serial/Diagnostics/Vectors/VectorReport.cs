using System.Collections.Immutable;

namespace AnalogHil.Devices.Serial.Diagnostics.Vectors;

/// <summary>What a check with golden vectors found.</summary>
/// <param name="Subject">Who was checked.</param>
/// <param name="Source">Where the vectors come from.</param>
/// <param name="Frames">Frames checked.</param>
/// <param name="Broken">Broken frames checked.</param>
/// <param name="Messages">Structs checked; 0 over a line, where no struct can be asked for by itself.</param>
/// <param name="Differences">The first differences, one line each; empty when all is as it should be.</param>
public sealed record VectorReport(string Subject, string Source, int Frames, int Broken, int Messages, ImmutableArray<string> Differences)
{
    /// <summary>Most differences that are told.</summary>
    public const int MostDifferences = 10;

    /// <summary>Whether nothing differs.</summary>
    public bool Passed => Differences.IsEmpty;
}
