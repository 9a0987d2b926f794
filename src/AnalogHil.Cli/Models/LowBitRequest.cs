using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision.PlanFiles;

namespace AnalogHil.Cli.Models;

/// <summary>What `hil model bits` was asked for.</summary>
/// <param name="Images">Model, images, seed and threads.</param>
/// <param name="Bits">Numbers of bits that all layers have alike; empty for the plan's alone.</param>
/// <param name="PlanPath">The plan's file, absolute; null for none.</param>
/// <param name="Plan">The plan whose noise bits the layers have in a row of its own; null for none.</param>
/// <param name="Draws">Draws of the noise for each image, at least 1.</param>
internal sealed record LowBitRequest(EvaluationRequest Images, double[] Bits, string? PlanPath, PlanFile? Plan, int Draws);
