using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Execution.Steps.Shaping;

/// <summary>Executes a <see cref="PickOperation"/>.</summary>
internal sealed unsafe class PickStep(GraphNode node, PickOperation operation) : Step(node)
{
    private readonly bool _wholePixels = operation.Channels.SequenceEqual(Enumerable.Range(0, node.Inputs[0].Shape.Channels));

    public override void Forward(ForwardContext context)
    {
        int[] channels = operation.Channels;
        float* input = context.Frame.Value(Input.Id);
        float* output = context.Frame.Value(Output.Id);
        for (int image = 0; image < context.Images; image++, input += Input.Shape.Size)
        {
            foreach (int row in operation.Rows)
            {
                foreach (int column in operation.Columns)
                {
                    float* source = input + ((nint)row * Input.Shape.Width + column) * Input.Shape.Channels;
                    if (_wholePixels)
                    {
                        RowKernels.Copy(output, source, channels.Length);
                    }
                    else
                    {
                        for (int c = 0; c < channels.Length; c++)
                        {
                            output[c] = source[channels[c]];
                        }
                    }

                    output += channels.Length;
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

        int[] channels = operation.Channels;
        float* gradient = context.Gradient(Output);
        float* target = context.Contribute(Input, out bool accumulate);
        if (!accumulate)
        {
            // What is picked never or twice needs a sum to start from.
            new Span<float>(target, context.Forward.Images * Input.Shape.Size).Clear();
        }

        for (int image = 0; image < context.Forward.Images; image++, target += Input.Shape.Size)
        {
            foreach (int row in operation.Rows)
            {
                foreach (int column in operation.Columns)
                {
                    float* place = target + ((nint)row * Input.Shape.Width + column) * Input.Shape.Channels;
                    for (int c = 0; c < channels.Length; c++)
                    {
                        place[channels[c]] += gradient[c];
                    }

                    gradient += channels.Length;
                }
            }
        }
    }
}
