using System.Runtime.Intrinsics;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Execution.Steps.Arithmetic;

/// <summary>Executes a <see cref="BroadcastOperation"/>.</summary>
internal sealed unsafe class BroadcastStep : Step
{
    private const int Lanes = 8;
    private readonly BroadcastKind _kind;
    private readonly int[] _first;
    private readonly int[] _second;

    public BroadcastStep(GraphNode node, BroadcastOperation operation)
        : base(node)
    {
        _kind = operation.Kind;
        _first = Strides(Source.Inputs[0].Shape);
        _second = Strides(Source.Inputs[1].Shape);
    }

    private GraphValue Second => Source.Inputs[1];

    public override void Forward(ForwardContext context)
    {
        ItemShape shape = Output.Shape;
        float* output = context.Frame.Value(Output.Id);
        for (int image = 0; image < context.Images; image++)
        {
            float* first = context.Frame.Value(Input.Id) + (nint)image * Input.Shape.Size;
            float* second = context.Frame.Value(Second.Id) + (nint)image * Second.Shape.Size;
            for (int row = 0; row < shape.Height * shape.Width; row++, output += shape.Channels)
            {
                (int h, int w) = Math.DivRem(row, shape.Width);
                Combine(
                    first + (nint)h * _first[0] + (nint)w * _first[1], _first[2], second + (nint)h * _second[0] + (nint)w * _second[1], _second[2], output, shape.Channels);
            }
        }
    }

    public override void Backward(BackwardContext context)
    {
        if (_kind is BroadcastKind.Equal or BroadcastKind.Greater or BroadcastKind.Less)
        {
            return;
        }

        Return(context, Input, _first, firstOperand: true);
        Return(context, Second, _second, firstOperand: false);
    }

    private void Return(BackwardContext context, GraphValue operand, int[] strides, bool firstOperand)
    {
        if (!context.Needs(operand))
        {
            return;
        }

        ForwardContext forward = context.Forward;
        ItemShape shape = Output.Shape;
        float* gradient = context.Gradient(Output);
        float* target = context.Contribute(operand, out bool accumulate);
        if (!accumulate)
        {
            new Span<float>(target, forward.Images * operand.Shape.Size).Clear();
        }

        for (int image = 0; image < forward.Images; image++, target += operand.Shape.Size)
        {
            float* first = forward.Frame.Value(Input.Id) + (nint)image * Input.Shape.Size;
            float* second = forward.Frame.Value(Second.Id) + (nint)image * Second.Shape.Size;
            for (int row = 0; row < shape.Height * shape.Width; row++, gradient += shape.Channels)
            {
                (int h, int w) = Math.DivRem(row, shape.Width);
                float* a = first + (nint)h * _first[0] + (nint)w * _first[1];
                float* b = second + (nint)h * _second[0] + (nint)w * _second[1];
                float* t = target + (nint)h * strides[0] + (nint)w * strides[1];
                for (int c = 0; c < shape.Channels; c++)
                {
                    t[c * strides[2]] += gradient[c] * Slope(a[c * _first[2]], b[c * _second[2]], firstOperand);
                }
            }
        }
    }

    private float Slope(float a, float b, bool firstOperand) => _kind switch
    {
        BroadcastKind.Add => 1,
        BroadcastKind.Subtract => firstOperand ? 1 : -1,
        BroadcastKind.Multiply => firstOperand ? b : a,
        _ => firstOperand ? 1 / b : -a / (b * b),
    };

    private void Combine(float* a, int stepA, float* b, int stepB, float* output, int count)
    {
        int c = 0;
        if (stepA == 1 && stepB == 1 && _kind is (BroadcastKind.Add or BroadcastKind.Multiply))
        {
            for (; c <= count - Lanes; c += Lanes)
            {
                Vector256<float> x = Vector256.Load(a + c);
                Vector256<float> y = Vector256.Load(b + c);
                (_kind == BroadcastKind.Add ? x + y : x * y).Store(output + c);
            }
        }

        for (; c < count; c++)
        {
            (float x, float y) = (a[c * stepA], b[c * stepB]);
            output[c] = _kind switch
            {
                BroadcastKind.Add => x + y,
                BroadcastKind.Subtract => x - y,
                BroadcastKind.Multiply => x * y,
                BroadcastKind.Divide => x / y,
                BroadcastKind.Equal => x == y ? 1 : 0,
                BroadcastKind.Greater => x > y ? 1 : 0,
                _ => x < y ? 1 : 0,
            };
        }
    }

    // A dimension of 1 is read again and again.
    private static int[] Strides(ItemShape shape) =>
    [
        shape.Height == 1 ? 0 : shape.Width * shape.Channels,
        shape.Width == 1 ? 0 : shape.Channels,
        shape.Channels == 1 ? 0 : 1,
    ];
}
