using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Execution.Steps.Arithmetic;

/// <summary>Executes a <see cref="ClampOperation"/> that no product could take in.</summary>
internal sealed unsafe class ClampStep(GraphNode node, ClampOperation operation) : Step(node)
{
    public override void Forward(ForwardContext context) => RowKernels.AddClamped(
        context.Frame.Value(Output.Id), context.Frame.Value(Input.Id), null, operation.Activation, context.Images * Output.Shape.Size);

    public override void Backward(BackwardContext context)
    {
        if (!context.Needs(Input))
        {
            return;
        }

        int count = context.Forward.Images * Output.Shape.Size;
        float* gradient = context.Gradient(Output);
        RowKernels.MaskClamped(gradient, context.Forward.Frame.Value(Output.Id), operation.Activation, count);
        float* target = context.Contribute(Input, out bool accumulate);
        RowKernels.Pass(target, gradient, accumulate, count);
    }
}
