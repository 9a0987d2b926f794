using System.Runtime.Intrinsics;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Reductions;

namespace AnalogHil.Engine.Execution.Steps.Reductions;

/// <summary>Executes a <see cref="LayerNormOperation"/>.</summary>
internal sealed unsafe class LayerNormStep(GraphNode node, LayerNormOperation operation) : Step(node)
{
    private const int Lanes = 8;

    public override void Forward(ForwardContext context)
    {
        int channels = Output.Shape.Channels;
        int tokens = context.Images * Output.Shape.Height * Output.Shape.Width;
        float* input = context.Frame.Value(Input.Id);
        float* output = context.Frame.Value(Output.Id);
        fixed (float* scale = operation.Scale, shift = operation.Shift)
        {
            for (int token = 0; token < tokens; token++, input += channels, output += channels)
            {
                (float mean, float inverse) = Moments(input, channels);
                int c = 0;
                for (; c <= channels - Lanes; c += Lanes)
                {
                    Vector256<float> normal = (Vector256.Load(input + c) - Vector256.Create(mean)) * inverse;
                    Vector256.FusedMultiplyAdd(normal, Vector256.Load(scale + c), Vector256.Load(shift + c)).Store(output + c);
                }

                for (; c < channels; c++)
                {
                    output[c] = MathF.FusedMultiplyAdd((input[c] - mean) * inverse, scale[c], shift[c]);
                }
            }
        }
    }

    // With n = (x - mean) / deviation and h = scale g: dx = (h - mean h - n mean (h n)) / deviation.
    public override void Backward(BackwardContext context)
    {
        if (!context.Needs(Input))
        {
            return;
        }

        int channels = Output.Shape.Channels;
        int tokens = context.Forward.Images * Output.Shape.Height * Output.Shape.Width;
        float* input = context.Forward.Frame.Value(Input.Id);
        float* gradient = context.Gradient(Output);
        float* target = context.Contribute(Input, out bool accumulate);
        for (int token = 0; token < tokens; token++, input += channels, gradient += channels, target += channels)
        {
            (float mean, float inverse) = Moments(input, channels);
            double sum = 0;
            double along = 0;
            for (int c = 0; c < channels; c++)
            {
                float h = operation.Scale[c] * gradient[c];
                sum += h;
                along += (double)h * ((input[c] - mean) * inverse);
            }

            for (int c = 0; c < channels; c++)
            {
                float normal = (input[c] - mean) * inverse;
                float slope = inverse * (operation.Scale[c] * gradient[c] - (float)(sum / channels) - normal * (float)(along / channels));
                target[c] = accumulate ? target[c] + slope : slope;
            }
        }
    }

    // Two passes: the difference from the mean first, so that a large mean costs no digits.
    private (float Mean, float InverseDeviation) Moments(float* values, int count)
    {
        double sum = 0;
        for (int c = 0; c < count; c++)
        {
            sum += values[c];
        }

        float mean = (float)(sum / count);
        double squares = 0;
        for (int c = 0; c < count; c++)
        {
            double difference = values[c] - mean;
            squares += difference * difference;
        }

        return (mean, (float)(1 / Math.Sqrt(squares / count + operation.Epsilon)));
    }
}
