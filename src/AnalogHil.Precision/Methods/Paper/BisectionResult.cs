using System.Collections.Immutable;

namespace AnalogHil.Precision.Methods.Paper;

/// <summary>What the paper's search found.</summary>
/// <param name="Result">The last training that met the target; null where none did.</param>
/// <param name="Accepted">Whether it met the rule; otherwise the trainings were used up.</param>
/// <param name="Steps">Every training.</param>
/// <param name="EvaluationImages">Images passed forward to measure accuracies, beside the cost of the trainings.</param>
public sealed record BisectionResult(MethodResult? Result, bool Accepted, ImmutableArray<BisectionStep> Steps, long EvaluationImages)
{
    /// <summary>Images of all trainings.</summary>
    public ImageCost Cost => new(Steps.Sum(step => step.Cost.Forward), Steps.Sum(step => step.Cost.Backward));
}
