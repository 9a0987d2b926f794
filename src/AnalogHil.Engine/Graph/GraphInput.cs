namespace AnalogHil.Engine.Graph;

/// <summary>One input of the model.</summary>
/// <param name="Value">The activation it becomes.</param>
/// <param name="Kind">What its numbers are.</param>
internal sealed record GraphInput(GraphValue Value, ElementKind Kind);
