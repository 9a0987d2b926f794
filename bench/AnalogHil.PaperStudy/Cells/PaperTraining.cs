using System.Collections.Immutable;

namespace AnalogHil.PaperStudy.Cells;

/// <summary>One training of the paper's search, and how it was judged.</summary>
/// <param name="Steps">Of the recipe.</param>
/// <param name="Start">E that every layer began with.</param>
/// <param name="Budget">Target of the mean E.</param>
/// <param name="MeanEnergy">Mean E that was learned.</param>
/// <param name="Above">Accuracy less the search's target, a share; below 0 where the target is missed.</param>
/// <param name="Energy">E of each layer.</param>
/// <param name="Forward">Images passed forward, the judged ones too.</param>
/// <param name="Backward">Images passed backward.</param>
/// <param name="Seconds">Time of learning.</param>
internal sealed record PaperTraining(
    int Steps, double Start, double Budget, double MeanEnergy, double Above, ImmutableArray<double> Energy, long Forward, long Backward, double Seconds)
{
    /// <summary>Version of the library that ran it, with its commit where the build knew it.</summary>
    public string? Library { get; init; }
}
