using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Execution.Steps.Shaping;

/// <summary>Executes a <see cref="ConstantOperation"/>.</summary>
internal sealed unsafe class ConstantStep(GraphNode node, ConstantOperation operation) : Step(node)
{
    public override void Forward(ForwardContext context)
    {
        float* output = context.Frame.Value(Output.Id);
        for (int image = 0; image < context.Images; image++, output += operation.Values.Length)
        {
            operation.Values.CopyTo(new Span<float>(output, operation.Values.Length));
        }
    }

    public override void Backward(BackwardContext context)
    {
    }
}
