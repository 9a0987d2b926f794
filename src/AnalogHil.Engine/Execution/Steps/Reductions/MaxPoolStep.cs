using System.Runtime.Intrinsics;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Reductions;

namespace AnalogHil.Engine.Execution.Steps.Reductions;

/// <summary>Largest value of each window. The gradient goes to the first pixel that holds it.</summary>
internal sealed unsafe class MaxPoolStep(GraphNode node, PoolOperation operation) : Step(node)
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
                    new Span<float>(output, channels).Fill(float.NegativeInfinity);
                    for (int line = lines.First; line < lines.End; line += lines.Step)
                    {
                        for (int column = columns.First; column < columns.End; column += columns.Step)
                        {
                            Maximum(output, input + ((nint)line * Input.Shape.Width + column) * channels, channels);
                        }
                    }
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
        float* input = context.Forward.Frame.Value(Input.Id);
        int channels = Input.Shape.Channels;
        for (int image = 0; image < context.Forward.Images; image++, input += Input.Shape.Size, target += Input.Shape.Size)
        {
            for (int y = 0; y < operation.Vertical.Output; y++)
            {
                for (int x = 0; x < operation.Horizontal.Output; x++, gradient += channels)
                {
                    Return(input, target, gradient, WindowPixels.Of(operation.Vertical, y), WindowPixels.Of(operation.Horizontal, x));
                }
            }
        }
    }

    private static void Maximum(float* largest, float* values, int channels)
    {
        int c = 0;
        for (; c <= channels - Lanes; c += Lanes)
        {
            Vector256.Max(Vector256.Load(largest + c), Vector256.Load(values + c)).Store(largest + c);
        }

        for (; c < channels; c++)
        {
            largest[c] = Math.Max(largest[c], values[c]);
        }
    }

    private void Return(float* input, float* target, float* gradient, WindowPixels lines, WindowPixels columns)
    {
        int channels = Input.Shape.Channels;
        for (int c = 0; c < channels; c++)
        {
            nint at = ((nint)lines.First * Input.Shape.Width + columns.First) * channels + c;
            for (int line = lines.First; line < lines.End; line += lines.Step)
            {
                for (int column = columns.First; column < columns.End; column += columns.Step)
                {
                    nint candidate = ((nint)line * Input.Shape.Width + column) * channels + c;
                    at = input[candidate] > input[at] ? candidate : at;
                }
            }

            target[at] += gradient[c];
        }
    }
}
