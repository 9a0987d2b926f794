using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Reductions;

namespace AnalogHil.Engine.Execution.Steps.Reductions;

/// <summary>Executes a <see cref="SoftmaxOperation"/>.</summary>
internal sealed unsafe class SoftmaxStep(GraphNode node) : Step(node)
{
    public override void Forward(ForwardContext context)
    {
        int channels = Output.Shape.Channels;
        int pixels = context.Images * Output.Shape.Height * Output.Shape.Width;
        float* input = context.Frame.Value(Input.Id);
        float* output = context.Frame.Value(Output.Id);
        for (int p = 0; p < pixels; p++, input += channels, output += channels)
        {
            // The largest is subtracted first: no exponential overflows.
            (_, float largest) = RowKernels.Extremes(input, channels);
            double sum = 0;
            for (int c = 0; c < channels; c++)
            {
                output[c] = MathF.Exp(input[c] - largest);
                sum += output[c];
            }

            float factor = (float)(1 / sum);
            for (int c = 0; c < channels; c++)
            {
                output[c] *= factor;
            }
        }
    }

    public override void Backward(BackwardContext context)
    {
        if (!context.Needs(Input))
        {
            return;
        }

        int channels = Output.Shape.Channels;
        int pixels = context.Forward.Images * Output.Shape.Height * Output.Shape.Width;
        float* gradient = context.Gradient(Output);
        float* output = context.Forward.Frame.Value(Output.Id);
        float* target = context.Contribute(Input, out bool accumulate);
        for (int p = 0; p < pixels; p++, gradient += channels, output += channels, target += channels)
        {
            double mean = 0;
            for (int c = 0; c < channels; c++)
            {
                mean += (double)output[c] * gradient[c];
            }

            for (int c = 0; c < channels; c++)
            {
                target[c] = (accumulate ? target[c] : 0) + output[c] * (gradient[c] - (float)mean);
            }
        }
    }
}
