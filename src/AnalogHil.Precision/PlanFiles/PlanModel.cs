namespace AnalogHil.Precision.PlanFiles;

/// <summary>The network of a plan.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="Sha256">SHA-256 of the model file, lower-case hex: a plan is for these weights only.</param>
/// <param name="File">Where it was; null where that is not told.</param>
/// <param name="Classes">Classes.</param>
/// <param name="Macs">Multiply-accumulates of all layers for one example.</param>
public sealed record PlanModel(string Name, string Sha256, string? File, int Classes, long Macs);
