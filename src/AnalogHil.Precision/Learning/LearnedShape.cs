namespace AnalogHil.Precision.Learning;

/// <summary>The outcome of learning at one common budget.</summary>
/// <param name="Budget">B, mean E per MAC at which it was learned.</param>
/// <param name="WarmStart">E of each entry after the closed form and its fixed point, on the budget.</param>
/// <param name="Adam">E of each entry after eq. 14, on the budget; equals the warm start when no steps were made.</param>
/// <param name="Energy">The better of the two on the images kept for judging: what is allocated.</param>
/// <param name="AdamChosen">Whether that is Adam's.</param>
/// <param name="PredictedGain">rho of the noisy operating point: energy over that of the uniform plan with the same loss.</param>
/// <param name="WarmStartLoss">Mean noisy cross entropy of the warm start on the judging images, nats.</param>
/// <param name="AdamLoss">The same of Adam's, with the same noise.</param>
/// <param name="Residual">KKT residual of <paramref name="Energy"/>: ln of the largest over the smallest (-dL/dE)/n among entries that are at no limit; 0 at an optimum.</param>
/// <param name="Steps">Adam steps made.</param>
public sealed record LearnedShape(
    double Budget,
    double[] WarmStart,
    double[] Adam,
    double[] Energy,
    bool AdamChosen,
    double PredictedGain,
    double WarmStartLoss,
    double AdamLoss,
    double Residual,
    int Steps)
{
    /// <summary>The shares by which other budgets are spent: <see cref="Energy"/>, with what entries at a limit would have without it (<see cref="FreeShape"/>).</summary>
    /// <value>Default: <see cref="Energy"/>.</value>
    public double[] Shares { get; init; } = Energy;
}
