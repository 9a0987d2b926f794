namespace AnalogHil.Precision.Methods.Rounding;

/// <summary>The energies of another method, each rounded to a level in the logarithm. The mean energy may leave the budget by the rounding; <see cref="MethodResult.MeanEnergy"/> says by how much.</summary>
/// <param name="shape">The method whose energies are rounded.</param>
/// <param name="levels">What the device can be told.</param>
public sealed class RoundedMethod(IPrecisionMethod shape, EnergyLevels levels) : IPrecisionMethod
{
    /// <inheritdoc/>
    public string Name => $"{shape.Name}, rounded";

    /// <inheritdoc/>
    public LearnedEnergy Learn(MethodTask task, double budget, IProgress<MethodProgress>? progress, CancellationToken cancellationToken)
    {
        LearnedEnergy learned = shape.Learn(task, budget, progress, cancellationToken);
        return learned with { Energy = levels.Round(learned.Energy) };
    }
}
