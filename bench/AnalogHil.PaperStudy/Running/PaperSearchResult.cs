using AnalogHil.PaperStudy.Cells;

namespace AnalogHil.PaperStudy.Running;

/// <summary>What the paper's own search ends with.</summary>
/// <param name="Energy">E of each layer.</param>
/// <param name="Cost">Of all trainings together; its budget is the last target.</param>
/// <param name="Note">How it ended.</param>
internal sealed record PaperSearchResult(double[] Energy, LearningCost Cost, string Note);
