namespace AnalogHil.Precision.PlanFiles;

/// <summary>What the device declares one layer to take for one example in its mode and at its K; profile values, not measurements.</summary>
/// <param name="Joules">Multiply-accumulates and converters.</param>
/// <param name="Seconds">Time of its reads.</param>
/// <param name="Cells">Cells of its weights, copies included.</param>
public sealed record PlanDeclared(double Joules, double Seconds, double Cells)
{
    /// <summary>Part of <see cref="Joules"/> that converters take, of inputs and of outputs; null in files that do not tell.</summary>
    public double? ConverterJoules { get; init; }
}
