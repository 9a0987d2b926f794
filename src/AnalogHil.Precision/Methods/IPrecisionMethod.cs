namespace AnalogHil.Precision.Methods;

/// <summary>A way of sharing energy between the analog products of a network at a given budget. <see cref="Training"/> runs one, times it and counts its images.</summary>
public interface IPrecisionMethod
{
    /// <summary>Short name for tables.</summary>
    string Name { get; }

    /// <summary>Learns the energy of each entry of the task's layout.</summary>
    /// <param name="task">Network, noise, layout, images. Only its network may be used to pass images, so that they are counted.</param>
    /// <param name="budget">B, mean E per multiply-accumulate.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="PrecisionException">The budget is outside the limits, or there are too few images.</exception>
    LearnedEnergy Learn(MethodTask task, double budget, IProgress<MethodProgress>? progress, CancellationToken cancellationToken);
}
