using System.Runtime.Intrinsics;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Reductions;

namespace AnalogHil.Engine.Execution.Steps.Reductions;

/// <summary>Mean of each window; of the whole map for global pooling.</summary>
internal sealed unsafe class MeanPoolStep(GraphNode node, PoolOperation operation) : Step(node)
{
    private const int Lanes = 8;

    public override void Forward(ForwardContext context)
    {
        float* input = context.Frame.Value(Input.Id);
        float* output = context.Frame.Value(Output.Id);
        int channels = Input.Shape.Channels;
        for (int image = 0; image < context.Images; image++, input += Input.Shape.Size)
        {
            for (int y = 0; y < operation.Vertical.Output; y++)
            {
                WindowPixels lines = WindowPixels.Of(operation.Vertical, y);
                for (int x = 0; x < operation.Horizontal.Output; x++, output += channels)
                {
                    WindowPixels columns = WindowPixels.Of(operation.Horizontal, x);
                    new Span<float>(output, channels).Clear();
                    for (int line = lines.First; line < lines.End; line += lines.Step)
                    {
                        for (int column = columns.First; column < columns.End; column += columns.Step)
                        {
                            RowKernels.Add(output, input + ((nint)line * Input.Shape.Width + column) * channels, channels);
                        }
                    }

                    Scale(output, output, Share(lines, columns), channels);
                }
            }
        }
    }

    public override void Backward(BackwardContext context)
    {
        if (!context.Needs(Input))
        {
            return;
        }

        float* target = context.Contribute(Input, out bool accumulate);
        if (!accumulate)
        {
            new Span<float>(target, context.Forward.Images * Input.Shape.Size).Clear();
        }

        float* gradient = context.Gradient(Output);
        int channels = Input.Shape.Channels;
        float* share = context.Forward.Scratch.Results.Reserve(channels);
        for (int image = 0; image < context.Forward.Images; image++, target += Input.Shape.Size)
        {
            for (int y = 0; y < operation.Vertical.Output; y++)
            {
                WindowPixels lines = WindowPixels.Of(operation.Vertical, y);
                for (int x = 0; x < operation.Horizontal.Output; x++, gradient += channels)
                {
                    WindowPixels columns = WindowPixels.Of(operation.Horizontal, x);
                    Scale(share, gradient, Share(lines, columns), channels);
                    for (int line = lines.First; line < lines.End; line += lines.Step)
                    {
                        for (int column = columns.First; column < columns.End; column += columns.Step)
                        {
                            RowKernels.Add(target + ((nint)line * Input.Shape.Width + column) * channels, share, channels);
                        }
                    }
                }
            }
        }
    }

    private float Share(WindowPixels lines, WindowPixels columns) => 1f
        / (operation.CountPadding ? lines.Padded * columns.Padded : lines.Inside * columns.Inside);

    private static void Scale(float* target, float* source, float factor, int channels)
    {
        int c = 0;
        for (; c <= channels - Lanes; c += Lanes)
        {
            (Vector256.Load(source + c) * factor).Store(target + c);
        }

        for (; c < channels; c++)
        {
            target[c] = source[c] * factor;
        }
    }
}
