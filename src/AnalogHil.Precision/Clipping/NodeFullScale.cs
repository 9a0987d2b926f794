using AnalogHil.Engine;
using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Precision.Clipping;

/// <summary>Full scales that were chosen for one product on a device.</summary>
/// <param name="Input">x that full drive stands for, in the layer's unit; what lies beyond is driven as this.</param>
/// <param name="IsSigned">Whether negative inputs are driven too.</param>
/// <param name="Weights">[channels] largest magnitude of each channel's weights, in the weights' unit; what lies beyond is written as this.</param>
public sealed record NodeFullScale(double Input, bool IsSigned, double[] Weights)
{
    // The device rounds by its own converters; these grids are only to cut.
    private const int Bits = AffineQuantiser.MaxBits;

    /// <summary>Largest magnitude of the inputs that was seen on calibration images, in the layer's unit.</summary>
    public double InputSeen { get; init; } = Input;

    /// <summary>Share of the inputs on calibration images, in the network without noise, that lie beyond, 0 .. 1, to one of 1,024 codes; null where it was not counted.</summary>
    public double? InputsCut { get; init; }

    /// <summary>The range that is left of the inputs; below zero the grid of two's complement reaches one code further.</summary>
    internal InputRange Range => new(InputGrid.Low, InputGrid.High);

    /// <summary>The full scales of a product that is cut by grids.</summary>
    /// <param name="grids">Of the product.</param>
    public static NodeFullScale Of(NodeQuantisation grids) =>
        new(grids.Input!.High, grids.Input.IsSigned, [.. grids.Weights.Select(grid => (double)grid.High)]);

    /// <summary>Grids that cut at these full scales, far finer than any converter.</summary>
    /// <param name="name">Name of the node.</param>
    public NodeQuantisation On(string name) => new(
        name,
        InputGrid,
        [.. Weights.Select(largest => AffineQuantiser.Symmetric((float)largest, Bits))]);

    private AffineQuantiser InputGrid => IsSigned ? AffineQuantiser.Symmetric((float)Input, Bits) : AffineQuantiser.FromRange(0, (float)Input, Bits);
}
