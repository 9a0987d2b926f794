using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Execution.Steps.Shaping;

/// <summary>Executes a <see cref="PadOperation"/>.</summary>
internal sealed unsafe class PadStep(GraphNode node, PadOperation operation) : Step(node)
{
    public override void Forward(ForwardContext context)
    {
        float* output = context.Frame.Value(Output.Id);
        new Span<float>(output, context.Images * Output.Shape.Size).Fill(operation.Value);
        float* input = context.Frame.Value(Input.Id);
        int line = Input.Shape.Width * Input.Shape.Channels;
        for (int i = 0; i < context.Images * Input.Shape.Height; i++)
        {
            RowKernels.Copy(output + Place(i), input + (nint)i * line, line);
        }
    }

    public override void Backward(BackwardContext context)
    {
        if (!context.Needs(Input))
        {
            return;
        }

        float* gradient = context.Gradient(Output);
        float* target = context.Contribute(Input, out bool accumulate);
        int line = Input.Shape.Width * Input.Shape.Channels;
        for (int i = 0; i < context.Forward.Images * Input.Shape.Height; i++)
        {
            RowKernels.Pass(target + (nint)i * line, gradient + Place(i), accumulate, line);
        }
    }

    // Where line i of the input, counted over the images, starts in the output.
    private nint Place(int i)
    {
        (int image, int y) = Math.DivRem(i, Input.Shape.Height);
        return (((nint)image * Output.Shape.Height + y + operation.Top) * Output.Shape.Width + operation.Left) * Output.Shape.Channels;
    }
}
