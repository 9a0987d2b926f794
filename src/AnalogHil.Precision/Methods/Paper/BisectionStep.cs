namespace AnalogHil.Precision.Methods.Paper;

/// <summary>One training of the paper's search.</summary>
/// <param name="Budget">B that was asked for.</param>
/// <param name="MeanEnergy">Mean E per multiply-accumulate it ended at.</param>
/// <param name="Drop">Drop with one draw on the evaluation set, a fraction.</param>
/// <param name="Cost">Images of the training.</param>
public sealed record BisectionStep(double Budget, double MeanEnergy, double Drop, ImageCost Cost);
