using AnalogHil.Core.Noise;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Execution.Steps;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Products;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>Executes an <see cref="ActivationProductOperation"/>, head by head.</summary>
internal sealed unsafe class ActivationProductStep : AnalogStep
{
    private readonly ActivationProductOperation _operation;
    private readonly ActivationNoise _noise;

    public ActivationProductStep(GraphNode node, ActivationProductOperation operation)
        : base(node)
    {
        _operation = operation;
        _noise = new ActivationNoise(operation);
        Node = new AnalogNode
        {
            Index = operation.AnalogIndex,
            Name = node.Name,
            Operator = operation.Operator,
            Operands = ProductOperands.TwoActivations,
            DotLength = operation.Length,
            Channels = operation.Groups * operation.Columns,
            Groups = operation.Groups,
            Positions = operation.Rows,
            Weights = ReadOnlyMemory<float>.Empty,
        };
    }

    public override AnalogNode Node { get; }

    public override bool IsAnalog => _operation.IsAnalog;

    private GraphValue Second => Source.Inputs[1];

    private int LeftSize => _operation.Rows * _operation.Length;

    private int RightSize => _operation.Length * _operation.Columns;

    private int ResultSize => _operation.Rows * _operation.Columns;

    public override NoiseLaw Prepare(ElementVariance variance) => NoiseLaw.PrepareActivationProduct(variance, _operation, Node.Name);

    public override void Forward(ForwardContext context)
    {
        Multiply(context);
        if (IsAnalog && context.Noise is { } noise)
        {
            AddNoise(context, noise, context.Frame.Value(Output.Id));
        }
    }

    public override void Multiply(ForwardContext context)
    {
        for (int block = 0; block < context.Images * _operation.Groups; block++)
        {
            Multiply(context, block);
        }
    }

    /// <summary>The product of one head, counted over the images of the block.</summary>
    private void Multiply(ForwardContext context, int block)
    {
        PackedMatrix right = context.Scratch.Pack(Right(context, block), _operation.Length, _operation.Columns, _operation.Columns, 1);
        MatrixProduct.Multiply(
            new ReadOnlySpan<float>(Left(context, block), LeftSize), _operation.Rows, _operation.Length, right, new Span<float>(Result(context, block), ResultSize), _operation.Columns);
    }

    public override void AddNoise(ForwardContext context, PreparedNoise noise, float* products)
    {
        if (noise.Variances[Node.Index] is not { } law)
        {
            return;
        }

        for (int block = 0; block < context.Images * _operation.Groups; block++)
        {
            (int image, int group) = Math.DivRem(block, _operation.Groups);
            _noise.BeginHead(law, group, Right(context, block), context.Scratch);
            for (int first = 0; first < _operation.Rows; first += _noise.RowsAtOnce)
            {
                int rows = Math.Min(_noise.RowsAtOnce, _operation.Rows - first);
                float* normals = Normals(context, noise, image, group, first, rows);
                float* variances = _noise.Evaluate(law, group, Left(context, block), first, rows, context.Scratch.Variances, context.Scratch);
                RowKernels.AddNoise(products + ((nint)block * _operation.Rows + first) * _operation.Columns, normals, variances, rows * _operation.Columns);
            }
        }
    }

    public override void Finish(ForwardContext context)
    {
    }

    public override InputRange Range(ForwardContext context)
    {
        (float low, float high) = RowKernels.Extremes(context.Frame.Value(Input.Id), context.Images * Input.Shape.Size);
        (float operandLow, float operandHigh) = RowKernels.Extremes(context.Frame.Value(Second.Id), context.Images * Second.Shape.Size);
        return new InputRange(low, high) { OperandLow = operandLow, OperandHigh = operandHigh };
    }

    /// <summary>Copies the first operand of one head, [rows x N], and the second one transposed, [columns x N]: as patches and weights of a device are.</summary>
    public void Gather(ForwardContext context, int block, float* rows, float* columns)
    {
        RowKernels.Copy(rows, Left(context, block), LeftSize);
        Transpose(Right(context, block), _operation.Length, _operation.Columns, columns);
    }

    /// <summary>Puts the product of one head, [rows x columns], into the step's output.</summary>
    public void Scatter(ForwardContext context, int block, float* products) => RowKernels.Copy(Result(context, block), products, ResultSize);

    public override void Measure(ScratchNeed need, int images)
    {
        need.Floats(ScratchBuffer.Operand, PackedMatrix.SizeOf(_operation.Length, _operation.Columns));
        if (IsAnalog)
        {
            _noise.Measure(need);
        }
    }

    public override void Backward(BackwardContext context)
    {
        ForwardContext forward = context.Forward;
        if (IsAnalog)
        {
            CollectSums(context);
        }

        int blocks = forward.Images * _operation.Groups;
        float* gradient = context.Gradient(Output);
        if (context.Needs(Input))
        {
            // d left = d result x right^T.
            float* target = context.Contribute(Input, out bool accumulate);
            for (int block = 0; block < blocks; block++)
            {
                PackedMatrix right = forward.Scratch.Pack(Right(forward, block), _operation.Columns, _operation.Length, 1, _operation.Columns);
                Multiply(gradient + (nint)block * ResultSize, _operation.Rows, right, target + (nint)block * LeftSize, accumulate);
            }
        }

        if (context.Needs(Second))
        {
            // d right = left^T x d result.
            float* target = context.Contribute(Second, out bool accumulate);
            float* transposed = forward.Scratch.Patches.Reserve(LeftSize);
            for (int block = 0; block < blocks; block++)
            {
                Transpose(Left(forward, block), _operation.Rows, _operation.Length, transposed);
                PackedMatrix right = forward.Scratch.Pack(gradient + (nint)block * ResultSize, _operation.Rows, _operation.Columns, _operation.Columns, 1);
                Multiply(transposed, _operation.Length, right, target + (nint)block * RightSize, accumulate);
            }
        }
    }

    private void CollectSums(BackwardContext context)
    {
        ForwardContext forward = context.Forward;
        NoiseLaw? law = forward.Noise?.Variances[Node.Index];
        NoiseLaw? slope = law is null ? null : forward.Noise!.Slopes[Node.Index];
        NoiseLaw? sensitivity = context.SensitivityAt?[Node.Index];
        for (int block = 0; block < forward.Images * _operation.Groups; block++)
        {
            (int image, int group) = Math.DivRem(block, _operation.Groups);
            float* gradient = context.Gradient(Output) + (nint)block * ResultSize;
            int start = group * _operation.Columns;
            if (law is not null)
            {
                AddLogEnergy(forward, law, slope, block, gradient, context.Sums.LogEnergy(context.SumIndex + image, Node).Slice(start, _operation.Columns));
            }

            if (sensitivity is null)
            {
                continue;
            }

            _noise.BeginHead(sensitivity, group, Right(forward, block), forward.Scratch);
            for (int first = 0; first < _operation.Rows; first += _noise.RowsAtOnce)
            {
                int rows = Math.Min(_noise.RowsAtOnce, _operation.Rows - first);
                float* variances = _noise.Evaluate(sensitivity, group, Left(forward, block), first, rows, forward.Scratch.Variances, forward.Scratch);
                GradientKernels.AddSensitivity(
                    gradient + (nint)first * _operation.Columns, variances, rows, _operation.Columns, context.Sums.Sensitivity(context.SumIndex + image, Node).Slice(start, _operation.Columns));
            }
        }
    }

    private void AddLogEnergy(ForwardContext forward, NoiseLaw law, NoiseLaw? slope, int block, float* gradient, Span<double> sums)
    {
        (int image, int group) = Math.DivRem(block, _operation.Groups);
        Scratch scratch = forward.Scratch;
        for (int first = 0; first < _operation.Rows; first += _noise.RowsAtOnce)
        {
            int rows = Math.Min(_noise.RowsAtOnce, _operation.Rows - first);
            float* normals = Normals(forward, forward.Noise!, image, group, first, rows);
            _noise.BeginHead(law, group, Right(forward, block), scratch);
            float* variances = _noise.Evaluate(law, group, Left(forward, block), first, rows, scratch.Variances, scratch);
            float* slopes = null;
            if (slope is not null)
            {
                _noise.BeginHead(slope, group, Right(forward, block), scratch);
                slopes = _noise.Evaluate(slope, group, Left(forward, block), first, rows, scratch.Slopes, scratch);
            }

            GradientKernels.AddLogEnergy(gradient + (nint)first * _operation.Columns, normals, variances, slopes, rows, _operation.Columns, sums);
        }
    }

    // The number of an element depends on seed, node, image of the data set, head, row and column, and on nothing else.
    private float* Normals(ForwardContext context, PreparedNoise noise, int image, int group, int firstRow, int rows)
    {
        int count = rows * _operation.Columns;
        float* normals = context.Scratch.Normals.Reserve(count);
        GaussianKey key = GaussianKey.Derive(noise.Seed, (ulong)Node.Index, (ulong)(noise.FirstImage + context.FirstImage + image));
        GaussianGenerator.Fill(key, (ulong)((long)group * _operation.Rows + firstRow) * (ulong)_operation.Columns, new Span<float>(normals, count));
        return normals;
    }

    private float* Left(ForwardContext context, int block) => context.Frame.Value(Input.Id) + (nint)block * LeftSize;

    private float* Right(ForwardContext context, int block) => context.Frame.Value(Second.Id) + (nint)block * RightSize;

    private float* Result(ForwardContext context, int block) => context.Frame.Value(Output.Id) + (nint)block * ResultSize;

    private static void Multiply(float* left, int rows, PackedMatrix right, float* result, bool accumulate) => MatrixProduct.Multiply(
        new ReadOnlySpan<float>(left, rows * right.Rows), rows, right.Rows, right, new Span<float>(result, rows * right.Columns), right.Columns, accumulate);

    private static void Transpose(float* source, int rows, int columns, float* target)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                target[(nint)column * rows + row] = source[(nint)row * columns + column];
            }
        }
    }
}
