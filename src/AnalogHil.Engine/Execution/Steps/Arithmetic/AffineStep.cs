using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Execution.Steps.Arithmetic;

/// <summary>Executes an <see cref="AffineOperation"/> that could not be folded.</summary>
internal sealed unsafe class AffineStep(GraphNode node, AffineOperation operation) : Step(node)
{
    public override void Forward(ForwardContext context)
    {
        float* input = context.Frame.Value(Input.Id);
        float* output = context.Frame.Value(Output.Id);
        int channels = Output.Shape.Channels;
        int count = context.Images * Output.Shape.Size;
        for (int i = 0; i < count; i += channels)
        {
            for (int c = 0; c < channels; c++)
            {
                output[i + c] = operation.Scale[c] * input[i + c] + operation.Shift[c];
            }
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
        int channels = Output.Shape.Channels;
        int count = context.Forward.Images * Output.Shape.Size;
        for (int i = 0; i < count; i += channels)
        {
            for (int c = 0; c < channels; c++)
            {
                target[i + c] = (accumulate ? target[i + c] : 0) + operation.Scale[c] * gradient[i + c];
            }
        }
    }
}
