using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Execution.Steps.Shaping;

/// <summary>Reorders a feature map (row, column, channel) into ONNX's vector order (channel, row, column).</summary>
internal sealed unsafe class FlattenStep(GraphNode node) : Step(node)
{
    public override void Forward(ForwardContext context)
    {
        float* input = context.Frame.Value(Input.Id);
        float* output = context.Frame.Value(Output.Id);
        int channels = Input.Shape.Channels;
        int pixels = Input.Shape.Height * Input.Shape.Width;
        for (int image = 0; image < context.Images; image++, input += Input.Shape.Size, output += Input.Shape.Size)
        {
            for (int c = 0; c < channels; c++)
            {
                for (int p = 0; p < pixels; p++)
                {
                    output[c * pixels + p] = input[p * channels + c];
                }
            }
        }
    }

    public override void Backward(BackwardContext context)
    {
        if (!context.Needs(Input))
        {
            return;
        }

        float* gradient = context.Gradient(Output);
        float* target = context.Contribute(Input, out bool accumulate);
        int channels = Input.Shape.Channels;
        int pixels = Input.Shape.Height * Input.Shape.Width;
        for (int image = 0; image < context.Forward.Images; image++, target += Input.Shape.Size, gradient += Input.Shape.Size)
        {
            for (int c = 0; c < channels; c++)
            {
                for (int p = 0; p < pixels; p++)
                {
                    target[p * channels + c] = (accumulate ? target[p * channels + c] : 0) + gradient[c * pixels + p];
                }
            }
        }
    }
}
