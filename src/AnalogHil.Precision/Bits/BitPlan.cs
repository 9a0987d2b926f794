using System.Collections.Immutable;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Precision.Bits;

/// <summary>Bits and energy of every layer of a network.</summary>
/// <param name="Layers">In graph order.</param>
/// <param name="LowerBound">No choice within the limit has less of what was minimised.</param>
public sealed record BitPlan(ImmutableArray<LayerBits> Layers, double LowerBound)
{
    /// <summary>Declared energy of one image.</summary>
    public double Joules => Layers.Sum(layer => layer.Joules);

    /// <summary>Second-order loss, nats for one image.</summary>
    public double Loss => Layers.Sum(layer => layer.Loss);

    /// <summary>The network with inputs and weights on grids of these bits between the ends of its observed ranges; read-outs stay as they are.</summary>
    /// <param name="network">The float32 network.</param>
    /// <param name="images">Calibration images.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="options">How ranges are observed; its bits are not looked at.</param>
    public OnnxNetwork Quantise(OnnxNetwork network, LabelledImages images, int count, QuantisationOptions options)
    {
        QuantisationPlan ranges = QuantisationCalibrator.Calibrate(network, images.Pixels, count, options);
        return network.Quantised(new QuantisationPlan([.. ranges.Nodes.Select((node, i) => new NodeQuantisation(
            node.Name,
            node.Input is { } input ? Regrid(input, Layers[i].InputBits) : null,
            [.. node.Weights.Select(grid => Regrid(grid, Layers[i].WeightBits))]))], count));
    }

    private static AffineQuantiser Regrid(AffineQuantiser grid, int bits) => AffineQuantiser.FromRange(grid.Low, grid.High, bits, grid.IsSigned);
}
