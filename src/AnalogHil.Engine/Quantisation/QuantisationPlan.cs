namespace AnalogHil.Engine.Quantisation;

/// <summary>
/// Which inputs and weights of a network's analog nodes are quantised, and on which grids. Made by a <see cref="QuantisationCalibrator"/>, or by hand.
/// </summary>
/// <remarks>Biases, residual sums, pooling and the other digital operations stay in float32, and so do the branches that they read.</remarks>
/// <param name="Nodes">One entry per analog node, in graph order, the first and the last included.</param>
/// <param name="Images">Images that the input ranges were observed on; 0 for a plan made by hand.</param>
public sealed record QuantisationPlan(IReadOnlyList<NodeQuantisation> Nodes, int Images = 0);
