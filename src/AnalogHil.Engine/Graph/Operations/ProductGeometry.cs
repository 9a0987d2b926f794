namespace AnalogHil.Engine.Graph.Operations;

/// <summary>How a matrix product slides over its input: a convolution, or a fully connected layer as a 1 x 1 convolution of one pixel.</summary>
internal sealed record ProductGeometry(WindowAxis Vertical, WindowAxis Horizontal, int InputChannels, int OutputChannels, int Groups)
{
    /// <summary>Input channels of one group.</summary>
    public int GroupInputs => InputChannels / Groups;

    /// <summary>Output channels of one group.</summary>
    public int GroupOutputs => OutputChannels / Groups;

    /// <summary>Window taps.</summary>
    public int Taps => Vertical.Kernel * Horizontal.Kernel;

    /// <summary>N.</summary>
    public int DotLength => Taps * GroupInputs;

    /// <summary>Output pixels of one item.</summary>
    public int Positions => Vertical.Output * Horizontal.Output;

    /// <summary>Input pixels of one item.</summary>
    public int Pixels => Vertical.Input * Horizontal.Input;

    /// <summary>One channel in and one out for every group.</summary>
    public bool IsDepthwise => GroupInputs == 1 && GroupOutputs == 1;

    /// <summary>Whether patches are the input's pixels as they lie in memory.</summary>
    public bool IsPointwise => this is { Taps: 1, Vertical.Stride: 1, Horizontal.Stride: 1, Groups: 1 } && !Vertical.Pads && !Horizontal.Pads
        && Vertical.Output == Vertical.Input && Horizontal.Output == Horizontal.Input;

    public static ProductGeometry Linear(int inputs, int outputs) =>
        new(WindowAxis.Pointwise(1), WindowAxis.Pointwise(1), inputs, outputs, 1);
}
