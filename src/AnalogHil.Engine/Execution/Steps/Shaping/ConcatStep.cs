using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Execution.Steps.Shaping;

/// <summary>Executes a <see cref="ConcatOperation"/>.</summary>
internal sealed unsafe class ConcatStep(GraphNode node) : Step(node)
{
    public override void Forward(ForwardContext context)
    {
        int all = Output.Shape.Channels;
        int pixels = context.Images * Output.Shape.Height * Output.Shape.Width;
        float* target = context.Frame.Value(Output.Id);
        foreach (GraphValue input in Source.Inputs)
        {
            int channels = input.Shape.Channels;
            float* source = context.Frame.Value(input.Id);
            for (int p = 0; p < pixels; p++)
            {
                RowKernels.Copy(target + (nint)p * all, source + (nint)p * channels, channels);
            }

            target += channels;
        }
    }

    public override void Backward(BackwardContext context)
    {
        int all = Output.Shape.Channels;
        int pixels = context.Forward.Images * Output.Shape.Height * Output.Shape.Width;
        float* gradient = context.Gradient(Output);
        foreach (GraphValue input in Source.Inputs)
        {
            int channels = input.Shape.Channels;
            if (context.Needs(input))
            {
                float* target = context.Contribute(input, out bool accumulate);
                for (int p = 0; p < pixels; p++)
                {
                    RowKernels.Pass(target + (nint)p * channels, gradient + (nint)p * all, accumulate, channels);
                }
            }

            gradient += channels;
        }
    }
}
