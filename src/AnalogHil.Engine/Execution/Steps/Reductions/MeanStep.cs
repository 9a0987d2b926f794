using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Reductions;

namespace AnalogHil.Engine.Execution.Steps.Reductions;

/// <summary>Executes a <see cref="MeanOperation"/>.</summary>
internal sealed unsafe class MeanStep(GraphNode node, MeanOperation operation) : Step(node)
{
    // Stored as [outer x length x inner], the mean runs over the length.
    private (int Outer, int Length, int Inner) Extents
    {
        get
        {
            ItemShape shape = Input.Shape;
            return operation.Place switch
            {
                0 => (1, shape.Height, shape.Width * shape.Channels),
                1 => (shape.Height, shape.Width, shape.Channels),
                _ => (shape.Height * shape.Width, shape.Channels, 1),
            };
        }
    }

    public override void Forward(ForwardContext context)
    {
        (int outer, int length, int inner) = Extents;
        float* input = context.Frame.Value(Input.Id);
        float* output = context.Frame.Value(Output.Id);
        for (int o = 0; o < context.Images * outer; o++, input += (nint)length * inner, output += inner)
        {
            for (int i = 0; i < inner; i++)
            {
                double sum = 0;
                for (int k = 0; k < length; k++)
                {
                    sum += input[(nint)k * inner + i];
                }

                output[i] = (float)(sum / length);
            }
        }
    }

    public override void Backward(BackwardContext context)
    {
        if (!context.Needs(Input))
        {
            return;
        }

        (int outer, int length, int inner) = Extents;
        float* gradient = context.Gradient(Output);
        float* target = context.Contribute(Input, out bool accumulate);
        float share = 1f / length;
        for (int o = 0; o < context.Forward.Images * outer; o++, target += (nint)length * inner, gradient += inner)
        {
            for (int k = 0; k < length; k++)
            {
                for (int i = 0; i < inner; i++)
                {
                    target[(nint)k * inner + i] = (accumulate ? target[(nint)k * inner + i] : 0) + share * gradient[i];
                }
            }
        }
    }
}
