using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Execution.Steps.Shaping;

/// <summary>Executes a <see cref="PermuteOperation"/>.</summary>
internal sealed unsafe class PermuteStep : Step
{
    private readonly int[] _dims;
    private readonly nint[] _strides;

    public PermuteStep(GraphNode node, PermuteOperation operation)
        : base(node)
    {
        int[] dims = operation.Dims;
        nint[] strides = [(nint)dims[1] * dims[2], dims[2], 1];
        _dims = [.. operation.Order.Select(dim => dims[dim])];
        _strides = [.. operation.Order.Select(dim => strides[dim])];
    }

    public override void Forward(ForwardContext context)
    {
        float* input = context.Frame.Value(Input.Id);
        float* output = context.Frame.Value(Output.Id);
        for (int image = 0; image < context.Images; image++, input += Input.Shape.Size)
        {
            for (int row = 0; row < _dims[0] * _dims[1]; row++, output += _dims[2])
            {
                (int first, int second) = Math.DivRem(row, _dims[1]);
                float* source = input + first * _strides[0] + second * _strides[1];
                if (_strides[2] == 1)
                {
                    RowKernels.Copy(output, source, _dims[2]);
                    continue;
                }

                for (int i = 0; i < _dims[2]; i++)
                {
                    output[i] = source[i * _strides[2]];
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
        for (int image = 0; image < context.Forward.Images; image++, target += Input.Shape.Size)
        {
            for (int row = 0; row < _dims[0] * _dims[1]; row++, gradient += _dims[2])
            {
                (int first, int second) = Math.DivRem(row, _dims[1]);
                float* place = target + first * _strides[0] + second * _strides[1];
                for (int i = 0; i < _dims[2]; i++)
                {
                    place[i * _strides[2]] = (accumulate ? place[i * _strides[2]] : 0) + gradient[i];
                }
            }
        }
    }
}
