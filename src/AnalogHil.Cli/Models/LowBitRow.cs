using AnalogHil.Precision.Equivalence;

namespace AnalogHil.Cli.Models;

/// <summary>One row of `hil model bits`.</summary>
/// <param name="Plan">Whether each layer has the bits of the plan; else all have the same.</param>
/// <param name="Point">Accuracies and their difference.</param>
internal sealed record LowBitRow(bool Plan, LowBitPoint Point);
