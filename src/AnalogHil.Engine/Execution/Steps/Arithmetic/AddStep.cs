using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Execution.Steps.Arithmetic;

/// <summary>Executes an <see cref="AddOperation"/> that no product could take in.</summary>
internal sealed unsafe class AddStep(GraphNode node, AddOperation operation) : Step(node)
{
    public override void Forward(ForwardContext context) => RowKernels.AddClamped(
        context.Frame.Value(Output.Id),
        context.Frame.Value(Input.Id),
        context.Frame.Value(Source.Inputs[1].Id),
        operation.Activation,
        context.Images * Output.Shape.Size);

    public override void Backward(BackwardContext context)
    {
        int count = context.Forward.Images * Output.Shape.Size;
        float* gradient = context.Gradient(Output);
        RowKernels.MaskClamped(gradient, context.Forward.Frame.Value(Output.Id), operation.Activation, count);
        foreach (GraphValue input in Source.Inputs)
        {
            if (context.Needs(input))
            {
                float* target = context.Contribute(input, out bool accumulate);
                RowKernels.Pass(target, gradient, accumulate, count);
            }
        }
    }
}
