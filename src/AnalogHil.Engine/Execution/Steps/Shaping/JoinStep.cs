using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Execution.Steps.Shaping;

/// <summary>Executes a <see cref="JoinOperation"/>: blocks of the inputs in turn.</summary>
internal sealed unsafe class JoinStep(GraphNode node, JoinOperation operation) : Step(node)
{
    // Blocks of one image: the whole image along the height, a row along the width.
    private int Blocks => operation.Place == 0 ? 1 : Output.Shape.Height;

    public override void Forward(ForwardContext context)
    {
        float* output = context.Frame.Value(Output.Id);
        for (int block = 0; block < context.Images * Blocks; block++)
        {
            foreach (GraphValue input in Source.Inputs)
            {
                int length = input.Shape.Size / Blocks;
                RowKernels.Copy(output, context.Frame.Value(input.Id) + (nint)block * length, length);
                output += length;
            }
        }
    }

    public override void Backward(BackwardContext context)
    {
        int all = Output.Shape.Size / Blocks;
        float* gradient = context.Gradient(Output);
        foreach (GraphValue input in Source.Inputs)
        {
            int length = input.Shape.Size / Blocks;
            if (context.Needs(input))
            {
                float* target = context.Contribute(input, out bool accumulate);
                for (int block = 0; block < context.Forward.Images * Blocks; block++)
                {
                    RowKernels.Pass(target + (nint)block * length, gradient + (nint)block * all, accumulate, length);
                }
            }

            gradient += length;
        }
    }
}
