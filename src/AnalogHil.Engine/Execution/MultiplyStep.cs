using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Execution;

/// <summary>Executes a <see cref="MultiplyOperation"/>.</summary>
internal sealed unsafe class MultiplyStep(GraphNode node) : Step(node)
{
    private GraphValue Factor => Source.Inputs[1];

    // Values between one step of the factor and the next image's: a factor of one pixel serves a whole image.
    private bool IsPerChannel => Factor.Shape.Size != Input.Shape.Size;

    public override void Forward(ForwardContext context)
    {
        float* input = context.Frame.Value(Input.Id);
        float* factor = context.Frame.Value(Factor.Id);
        float* output = context.Frame.Value(Output.Id);
        int count = context.Images * Output.Shape.Size;
        for (int i = 0; i < count; i++)
        {
            output[i] = input[i] * factor[FactorAt(i)];
        }
    }

    public override void Backward(BackwardContext context)
    {
        int count = context.Forward.Images * Output.Shape.Size;
        float* gradient = context.Gradient(Output);
        float* input = context.Forward.Frame.Value(Input.Id);
        float* factor = context.Forward.Frame.Value(Factor.Id);
        if (context.Needs(Input))
        {
            float* target = context.Contribute(Input, out bool accumulate);
            for (int i = 0; i < count; i++)
            {
                target[i] = (accumulate ? target[i] : 0) + gradient[i] * factor[FactorAt(i)];
            }
        }

        if (context.Needs(Factor))
        {
            float* target = context.Contribute(Factor, out bool accumulate);
            if (!accumulate)
            {
                new Span<float>(target, context.Forward.Images * Factor.Shape.Size).Clear();
            }

            for (int i = 0; i < count; i++)
            {
                target[FactorAt(i)] += gradient[i] * input[i];
            }
        }
    }

    private int FactorAt(int i) => IsPerChannel ? i / Input.Shape.Size * Input.Shape.Channels + i % Input.Shape.Channels : i;
}
