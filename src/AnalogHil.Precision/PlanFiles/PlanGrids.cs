namespace AnalogHil.Precision.PlanFiles;

/// <summary>Grids that inputs and weights of all analog products are rounded to before noise is added, and what the rounding alone loses.</summary>
/// <param name="Rule">How ranges of inputs were found: "moving-average", "min-max" or "percentile".</param>
/// <param name="InputBits">Bits of inputs, one grid a tensor.</param>
/// <param name="WeightBits">Bits of weights, one grid an output channel.</param>
/// <param name="Images">Calibration examples that ranges were observed on.</param>
/// <param name="Examples">Certification examples that both accuracies are of.</param>
/// <param name="FloatAccuracy">Accuracy of the float32 network, a fraction.</param>
/// <param name="Accuracy">Accuracy on the grids without noise, from which the plan's drops count.</param>
/// <param name="LossLow">Lower 95 % limit of float32 less grids, paired (Tango).</param>
/// <param name="LossHigh">Upper 95 % limit.</param>
public sealed record PlanGrids(
    string Rule, int InputBits, int WeightBits, int Images, int Examples, double FloatAccuracy, double Accuracy, double LossLow, double LossHigh)
{
    /// <summary>Bits of inputs and weights there are.</summary>
    public const int Bits = 8;
}
