using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Execution.Steps.Shaping;

/// <summary>Executes an <see cref="EmbeddingOperation"/>; the ids of a call were checked when it came in (<see cref="InputCheck"/>).</summary>
internal sealed unsafe class EmbeddingStep(GraphNode node, EmbeddingOperation operation) : Step(node)
{
    public override void Forward(ForwardContext context)
    {
        float* ids = context.Frame.Value(Input.Id);
        float* output = context.Frame.Value(Output.Id);
        fixed (float* table = operation.Table)
        {
            for (int i = 0; i < context.Images * Input.Shape.Size; i++)
            {
                int id = (int)ids[i];
                RowKernels.Copy(output + (nint)i * operation.Width, table + (nint)(id < 0 ? id + operation.Rows : id) * operation.Width, operation.Width);
            }
        }
    }

    public override void Backward(BackwardContext context)
    {
    }
}
