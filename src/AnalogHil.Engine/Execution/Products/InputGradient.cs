using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Products;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>
/// Gradient with respect to a product's input, from the gradient of its output. Input pixels whose position modulo the stride agrees are
/// reached by the same taps, so each such phase is itself a product over the output's gradient: nothing is scattered, no tap is wasted.
/// </summary>
internal sealed unsafe class InputGradient
{
    private const int RowsAtOnce = 192;
    private readonly ProductGeometry _geometry;
    private readonly Phase[] _phases;

    public InputGradient(ProductOperation operation)
    {
        _geometry = operation.Geometry;
        WindowAxis vertical = _geometry.Vertical;
        WindowAxis horizontal = _geometry.Horizontal;
        var phases = new List<Phase>();
        for (int y = 0; y < Math.Min(vertical.Stride, vertical.Input); y++)
        {
            for (int x = 0; x < Math.Min(horizontal.Stride, horizontal.Input); x++)
            {
                phases.Add(Build(operation, y, x));
            }
        }

        _phases = [.. phases];
    }

    /// <summary>Writes, or adds, dL / d input of <paramref name="images"/> items.</summary>
    public void Run(float* outputGradient, int images, float* inputGradient, bool accumulate, Scratch scratch)
    {
        bool whole = _phases.Length == 1;
        int channels = _geometry.InputChannels;
        foreach (Phase phase in _phases)
        {
            int rows = images * phase.Height * phase.Width;
            for (int first = 0; first < rows; first += RowsAtOnce)
            {
                int count = Math.Min(RowsAtOnce, rows - first);
                if (whole && phase.Product is not null)
                {
                    phase.Product.Multiply(outputGradient, first, count, inputGradient + (nint)first * channels, accumulate, scratch);
                    continue;
                }

                float* result = scratch.Results.Reserve((long)count * channels);
                if (phase.Product is null)
                {
                    new Span<float>(result, count * channels).Clear();
                }
                else
                {
                    phase.Product.Multiply(outputGradient, first, count, result, accumulate: false, scratch);
                }

                Spread(phase, first, count, result, inputGradient, accumulate);
            }
        }
    }

    private void Spread(Phase phase, int first, int count, float* result, float* inputGradient, bool accumulate)
    {
        int channels = _geometry.InputChannels;
        var segments = new RowSegments(phase.Height * phase.Width, phase.Width, first, count);
        while (segments.Next())
        {
            nint line = (nint)segments.Item * _geometry.Vertical.Input + phase.Y + (nint)segments.Y * _geometry.Vertical.Stride;
            for (int i = 0; i < segments.Length; i++)
            {
                nint pixel = line * _geometry.Horizontal.Input + phase.X + (nint)(segments.X + i) * _geometry.Horizontal.Stride;
                RowKernels.Pass(inputGradient + pixel * channels, result + (nint)(segments.Start + i) * channels, accumulate, channels);
            }
        }
    }

    private static Phase Build(ProductOperation operation, int y, int x)
    {
        ProductGeometry geometry = operation.Geometry;
        (int[] tapsY, int[] offsetsY) = Reaching(geometry.Vertical, y);
        (int[] tapsX, int[] offsetsX) = Reaching(geometry.Horizontal, x);
        int height = (geometry.Vertical.Input - y + geometry.Vertical.Stride - 1) / geometry.Vertical.Stride;
        int width = (geometry.Horizontal.Input - x + geometry.Horizontal.Stride - 1) / geometry.Horizontal.Stride;
        if (tapsY.Length == 0 || tapsX.Length == 0)
        {
            return new Phase(y, x, height, width, null);
        }

        var pattern = new TapPattern((height, width), (geometry.Vertical.Output, geometry.Horizontal.Output), (1, 1), offsetsY, offsetsX);
        float[] weights = operation.GainedWeights();
        int inputs = geometry.GroupInputs;
        int outputs = geometry.GroupOutputs;
        int length = geometry.DotLength;
        int kernelWidth = geometry.Horizontal.Kernel;
        float Weight(int group, int tap, int output, int input)
        {
            int kernelTap = tapsY[tap / tapsX.Length] * kernelWidth + tapsX[tap % tapsX.Length];
            return weights[(group * outputs + output) * length + kernelTap * inputs + input];
        }

        return new Phase(y, x, height, width, RowProduct.Create(pattern, geometry.Groups, outputs, inputs, Weight, geometry.IsPointwise));
    }

    // Input pixel phase + m stride is read through tap k by output m + (phase + pad - k dilation) / stride, where that divides; ascending in the output.
    private static (int[] Taps, int[] Offsets) Reaching(WindowAxis axis, int phase)
    {
        int[] taps = [.. Enumerable.Range(0, axis.Kernel).Where(k => (phase + axis.PadBefore - k * axis.Dilation) % axis.Stride == 0).Reverse()];
        return (taps, [.. taps.Select(k => (phase + axis.PadBefore - k * axis.Dilation) / axis.Stride)]);
    }

    private sealed record Phase(int Y, int X, int Height, int Width, RowProduct? Product);
}
