using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Execution.Steps;
using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Quantisation;

/// <summary>Executes a <see cref="QuantiseOperation"/>; backwards, rounding is taken for the identity and clipping for what it is.</summary>
internal sealed unsafe class QuantiseStep(GraphNode node, QuantiseOperation operation) : Step(node)
{
    public override void Forward(ForwardContext context)
    {
        int count = context.Images * Output.Shape.Size;
        QuantiserKernels.FakeQuantise(
            operation.Quantiser,
            new ReadOnlySpan<float>(context.Frame.Value(Input.Id), count),
            new Span<float>(context.Frame.Value(Output.Id), count));
    }

    public override void Backward(BackwardContext context)
    {
        ForwardContext forward = context.Forward;
        float* gradient = context.Gradient(Output);
        float* values = forward.Frame.Value(Input.Id);
        int size = Output.Shape.Size;
        if (operation.LearnsRange)
        {
            for (int image = 0; image < forward.Images; image++)
            {
                nint start = (nint)image * size;
                (double low, double high) = QuantiserKernels.RangeGradient(operation.Quantiser, values + start, gradient + start, size);
                Span<double> sums = context.Sums.Range(context.SumIndex + image, operation.AnalogIndex);
                sums[0] += low;
                sums[1] += high;
            }
        }

        if (context.Needs(Input))
        {
            float* target = context.Contribute(Input, out bool accumulate);
            QuantiserKernels.PassInside(operation.Quantiser, values, gradient, target, accumulate, forward.Images * size);
        }
    }
}
