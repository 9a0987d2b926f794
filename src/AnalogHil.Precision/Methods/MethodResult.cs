namespace AnalogHil.Precision.Methods;

/// <summary>One method on one task at one budget, with what it cost: a row of a comparison.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="Budget">B that was asked for, mean E per multiply-accumulate.</param>
/// <param name="MeanEnergy">Mean E per multiply-accumulate of the result; a method with a penalty may end beside its budget.</param>
/// <param name="Learned">Energies, trace, and the plan where they are whole repeats.</param>
/// <param name="Layers">[layer][one entry, or one per channel] the same energies as noise models take them.</param>
/// <param name="Cost">Images the method itself passed.</param>
/// <param name="ResidualCost">Images passed to measure the residuals afterwards.</param>
/// <param name="Seconds">Time of the method itself.</param>
/// <param name="Residual">Karush-Kuhn-Tucker residual between all entries, at the noisy operating point, on images that the method did not necessarily see; null when not measured.</param>
/// <param name="LayerResidual">The same between layers, each taken as a whole: less noisy where entries are channels.</param>
public sealed record MethodResult(
    string Method,
    double Budget,
    double MeanEnergy,
    LearnedEnergy Learned,
    double[][] Layers,
    ImageCost Cost,
    ImageCost ResidualCost,
    double Seconds,
    double? Residual,
    double? LayerResidual)
{
    /// <summary>E of each entry of the layout.</summary>
    public double[] Energy => Learned.Energy;

    /// <summary>The shares by which other budgets are spent: <see cref="Energy"/>, and of a method that shares by sensitivity what entries at a limit would have without it
    /// (<see cref="Learning.FreeShape"/>).</summary>
    /// <value>Default: <see cref="Energy"/>.</value>
    public double[] Shares
    {
        get => field ?? Energy;
        init;
    }
}
