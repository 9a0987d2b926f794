using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Execution.Steps.Arithmetic;

/// <summary>Executes a <see cref="MultiplyOperation"/>.</summary>
internal sealed unsafe class MultiplyStep(GraphNode node) : Step(node)
{
    private GraphValue Factor => Source.Inputs[1];

    // A factor of one pixel serves every pixel of its image.
    private int Pixels => Factor.Shape.Size != Input.Shape.Size ? Input.Shape.Size / Input.Shape.Channels : 1;

    // Values of the factor that follow one another: one for each channel, or a whole image.
    private int Run => Input.Shape.Size / Pixels;

    public override void Forward(ForwardContext context)
    {
        float* input = context.Frame.Value(Input.Id);
        float* factor = context.Frame.Value(Factor.Id);
        float* output = context.Frame.Value(Output.Id);
        int run = Run;
        for (int image = 0; image < context.Images; image++, factor += run)
        {
            for (int pixel = 0; pixel < Pixels; pixel++, input += run, output += run)
            {
                RowKernels.Multiply(output, input, factor, run);
            }
        }
    }

    public override void Backward(BackwardContext context)
    {
        if (context.Needs(Input))
        {
            float* target = context.Contribute(Input, out bool accumulate);
            PassToInput(context, target, accumulate);
        }

        if (context.Needs(Factor))
        {
            float* target = context.Contribute(Factor, out bool accumulate);
            if (!accumulate)
            {
                new Span<float>(target, context.Forward.Images * Factor.Shape.Size).Clear();
            }

            PassToFactor(context, target);
        }
    }

    private void PassToInput(BackwardContext context, float* target, bool accumulate)
    {
        float* gradient = context.Gradient(Output);
        float* factor = context.Forward.Frame.Value(Factor.Id);
        int run = Run;
        for (int image = 0; image < context.Forward.Images; image++, factor += run)
        {
            for (int pixel = 0; pixel < Pixels; pixel++, gradient += run, target += run)
            {
                if (accumulate)
                {
                    RowKernels.AddProduct(target, gradient, factor, run);
                }
                else
                {
                    RowKernels.Multiply(target, gradient, factor, run);
                }
            }
        }
    }

    private void PassToFactor(BackwardContext context, float* target)
    {
        float* gradient = context.Gradient(Output);
        float* input = context.Forward.Frame.Value(Input.Id);
        int run = Run;
        for (int image = 0; image < context.Forward.Images; image++, target += run)
        {
            for (int pixel = 0; pixel < Pixels; pixel++, gradient += run, input += run)
            {
                RowKernels.AddProduct(target, gradient, input, run);
            }
        }
    }
}
