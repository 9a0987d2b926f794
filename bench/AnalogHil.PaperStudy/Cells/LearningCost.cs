namespace AnalogHil.PaperStudy.Cells;

/// <summary>What learning took.</summary>
/// <param name="Budget">B that was asked for; 0 where nothing is learned.</param>
/// <param name="MeanEnergy">Mean E of what was learned, before it was scaled to the equal drop.</param>
/// <param name="Steps">Optimiser steps or rounds.</param>
/// <param name="Forward">Images passed forward.</param>
/// <param name="Backward">Images passed backward.</param>
/// <param name="Seconds">Time.</param>
/// <param name="LayerResidual">Karush-Kuhn-Tucker residual between layers at the end; null where not measured.</param>
internal sealed record LearningCost(double Budget, double MeanEnergy, int Steps, long Forward, long Backward, double Seconds, double? LayerResidual)
{
    public static LearningCost None { get; } = new(0, 0, 0, 0, 0, 0, null);
}
