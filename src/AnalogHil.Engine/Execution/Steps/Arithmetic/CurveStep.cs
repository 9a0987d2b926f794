using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;
using MathNet.Numerics;

namespace AnalogHil.Engine.Execution.Steps.Arithmetic;

/// <summary>Executes a <see cref="CurveOperation"/>.</summary>
internal sealed unsafe class CurveStep(GraphNode node, CurveOperation operation) : Step(node)
{
    // 2 / sqrt(pi), the error function's slope at zero.
    private const float ErfSlope = 1.1283792f;
    private const float RootTwoOverPi = 0.7978846f;
    private const float Cubic = 0.044715f;

    public override void Forward(ForwardContext context)
    {
        int count = context.Images * Output.Shape.Size;
        if (operation.Curve == Curve.Gelu)
        {
            GaussianUnit.Forward(context.Frame.Value(Input.Id), context.Frame.Value(Output.Id), operation.Slope, count);
            return;
        }

        float* input = context.Frame.Value(Input.Id);
        float* output = context.Frame.Value(Output.Id);
        for (int i = 0; i < count; i++)
        {
            float x = input[i];
            output[i] = operation.Curve switch
            {
                Curve.Erf => (float)SpecialFunctions.Erf(x),
                Curve.GeluTanh => 0.5f * x * (1 + MathF.Tanh(TanhArgument(x))),
                Curve.LeakyRelu => x > 0 ? x : operation.Slope * x,
                Curve.Power => operation.Slope == 2 ? x * x : MathF.Pow(x, operation.Slope),
                Curve.SquareRoot => MathF.Sqrt(x),
                Curve.Sigmoid => 1 / (1 + MathF.Exp(-x)),
                _ => MathF.Tanh(x),
            };
        }
    }

    public override void Backward(BackwardContext context)
    {
        if (!context.Needs(Input))
        {
            return;
        }

        int count = context.Forward.Images * Output.Shape.Size;
        float* gradient = context.Gradient(Output);
        float* input = context.Forward.Frame.Value(Input.Id);
        float* output = context.Forward.Frame.Value(Output.Id);
        float* target = context.Contribute(Input, out bool accumulate);
        for (int i = 0; i < count; i++)
        {
            (float x, float y) = (input[i], output[i]);
            float slope = operation.Curve switch
            {
                Curve.Erf => ErfSlope * MathF.Exp(-x * x),
                Curve.Gelu => operation.Slope * GaussianUnit.Slope(x),
                Curve.GeluTanh => TanhUnitSlope(x),
                Curve.LeakyRelu => x > 0 ? 1 : operation.Slope,
                Curve.Power => operation.Slope * (operation.Slope == 2 ? x : MathF.Pow(x, operation.Slope - 1)),
                Curve.SquareRoot => 0.5f / y,
                Curve.Sigmoid => y * (1 - y),
                _ => 1 - y * y,
            };
            target[i] = (accumulate ? target[i] : 0) + slope * gradient[i];
        }
    }

    // sqrt(2 / pi) (x + 0.044715 x^3).
    private static float TanhArgument(float x) => RootTwoOverPi * (x + Cubic * x * x * x);

    private static float TanhUnitSlope(float x)
    {
        float tanh = MathF.Tanh(TanhArgument(x));
        return 0.5f * (1 + tanh) + 0.5f * x * (1 - tanh * tanh) * RootTwoOverPi * (1 + 3 * Cubic * x * x);
    }
}
