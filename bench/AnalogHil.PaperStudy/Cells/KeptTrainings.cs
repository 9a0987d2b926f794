using System.Collections.Immutable;

namespace AnalogHil.PaperStudy.Cells;

/// <summary>Trainings of a search that is not finished.</summary>
/// <param name="Fingerprint">Of the cell they belong to.</param>
/// <param name="Trainings">In their order.</param>
internal sealed record KeptTrainings(string Fingerprint, ImmutableArray<PaperTraining> Trainings);
