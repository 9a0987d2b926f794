using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.PlanLearning;

/// <summary>What a network loses by being put on grids, without noise.</summary>
/// <param name="FloatAccuracy">Accuracy of the float32 network, a fraction.</param>
/// <param name="Accuracy">Accuracy on the grids, a fraction, on the same examples.</param>
/// <param name="Counts">Where the two differ: clean is float32, noisy the one on grids.</param>
public sealed record RoundingLoss(double FloatAccuracy, double Accuracy, PairedCounts Counts)
{
    /// <summary>Compares one bit for each example, in the same order.</summary>
    public static RoundingLoss Of(bool[] floats, bool[] onGrids) =>
        new(floats.Count(right => right) / (double)floats.Length, onGrids.Count(right => right) / (double)onGrids.Length, PairedCounts.Of(floats, onGrids));
}
