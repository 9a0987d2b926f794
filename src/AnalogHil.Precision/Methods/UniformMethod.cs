namespace AnalogHil.Precision.Methods;

/// <summary>The same E everywhere: what every other method is compared with. Passes no images.</summary>
public sealed class UniformMethod : IPrecisionMethod
{
    /// <inheritdoc/>
    public string Name => "uniform";

    /// <inheritdoc/>
    public LearnedEnergy Learn(MethodTask task, double budget, IProgress<MethodProgress>? progress, CancellationToken cancellationToken) =>
        new([.. Enumerable.Repeat(budget, task.Layout.Count)], []);
}
