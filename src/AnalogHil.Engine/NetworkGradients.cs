using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Engine;

/// <summary>Per-channel sums over images and positions that precision learning needs; index [node][channel].</summary>
/// <param name="LogEnergy">dL / d ln E of each channel for the injected noise: -1/2 sum (noise x upstream gradient x slope / variance). Zero for clean
/// nodes.</param>
/// <param name="Sensitivity">s = 1/2 sum var x (upstream gradient)^2, var from the law handed in for that purpose; the second-order loss of one read at E =
/// 1.</param>
public sealed record NetworkGradients(double[][] LogEnergy, double[][] Sensitivity)
{
    /// <summary>Gradient of the clipping range of each node's input quantiser; null unless the network was quantised with learned ranges.</summary>
    public RangeGradient[]? Ranges { get; init; }

    /// <summary>Gradients of each node's gains, offsets and weights; null unless asked for.</summary>
    public NodeGradient[]? Parameters { get; init; }
}
