using AnalogHil.Core.Noise;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Execution.Steps;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Products;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>Executes an <see cref="ActivationProductOperation"/>, head by head; heads are counted over the images of the block.</summary>
internal sealed unsafe class ActivationProductStep : AnalogStep
{
    private readonly ActivationProductOperation _operation;
    private readonly ActivationNoise _noise;
    private readonly ActivationNoiseGradient _noiseGradient;

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
        _noiseGradient = new ActivationNoiseGradient(Node, operation, _noise);
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
        for (int head = 0; head < context.Images * _operation.Groups; head++)
        {
            ForwardPart(context, head, 1, context.Scratch);
        }
    }

    public override int Parts(ForwardContext context, int threads) => context.Images * _operation.Groups;

    public override void ForwardPart(ForwardContext context, int part, int threads, Scratch scratch)
    {
        PreparedNoise? noise = IsAnalog ? context.Noise : null;
        Multiply(context, noise, part, Result(context, part), scratch);
        AddFresh(context, noise, part, Result(context, part), scratch);
    }

    public override void Multiply(ForwardContext context)
    {
        for (int head = 0; head < context.Images * _operation.Groups; head++)
        {
            Multiply(context, null, head, Result(context, head), context.Scratch);
        }
    }

    public override void AddNoise(ForwardContext context, PreparedNoise noise, float* products)
    {
        for (int head = 0; head < context.Images * _operation.Groups; head++)
        {
            float* target = products + (nint)head * ResultSize;
            if (noise.Held[Node.Index] is not null)
            {
                Multiply(context, noise, head, target, context.Scratch);
            }

            AddFresh(context, noise, head, target, context.Scratch);
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

    /// <summary>
    /// Copies the first operand of one head, [rows x N], and the second one transposed, [columns x N]: as patches and weights of a device are.
    /// </summary>
    public void Gather(ForwardContext context, int head, float* rows, float* columns)
    {
        RowKernels.Copy(rows, Left(context, head), LeftSize);
        Transpose(Right(context, head), _operation.Length, _operation.Columns, columns);
    }

    /// <summary>Puts the product of one head, [rows x columns], into the step's output.</summary>
    public void Scatter(ForwardContext context, int head, float* products) => RowKernels.Copy(Result(context, head), products, ResultSize);

    public override void Measure(ScratchNeed need, int images)
    {
        need.Floats(ScratchBuffer.Operand, PackedMatrix.SizeOf(_operation.Length, _operation.Columns));
        if (IsAnalog)
        {
            _noise.Measure(need);
        }
    }

    public override void MeasureHeld(ScratchNeed need)
    {
        if (IsAnalog)
        {
            need.Floats(ScratchBuffer.HeldNumbers, RightSize);
            need.Floats(ScratchBuffer.HeldOffsets, _operation.Columns);
        }
    }

    public override void Backward(BackwardContext context)
    {
        ForwardContext forward = context.Forward;
        float* gradient = context.Gradient(Output);
        HeldLaw? followed = IsAnalog && forward.Noise is { DifferentiatesDeviation: true } noise ? noise.Held[Node.Index] : null;
        int heads = forward.Images * _operation.Groups;
        float* left = null;
        float* right = null;
        if (context.Needs(Input))
        {
            // d left = d result x right^T.
            left = context.Contribute(Input, out bool accumulate);
            for (int head = 0; head < heads; head++)
            {
                float* operand = Operand(forward, followed is null ? null : forward.Noise, head, forward.Scratch);
                PackedMatrix packed = forward.Scratch.Pack(operand, _operation.Columns, _operation.Length, 1, _operation.Columns);
                Multiply(gradient + (nint)head * ResultSize, _operation.Rows, packed, left + (nint)head * LeftSize, accumulate);
            }
        }

        if (context.Needs(Second))
        {
            // d right = left^T x d result.
            right = context.Contribute(Second, out bool accumulate);
            float* transposed = forward.Scratch.Patches.Reserve(LeftSize);
            for (int head = 0; head < heads; head++)
            {
                Transpose(Left(forward, head), _operation.Rows, _operation.Length, transposed);
                PackedMatrix packed = forward.Scratch.Pack(gradient + (nint)head * ResultSize, _operation.Rows, _operation.Columns, _operation.Columns, 1);
                Multiply(transposed, _operation.Length, packed, right + (nint)head * RightSize, accumulate);
            }
        }

        for (int head = 0; IsAnalog && head < heads; head++)
        {
            _noiseGradient.Collect(
                context,
                head,
                gradient + (nint)head * ResultSize,
                Left(forward, head),
                Right(forward, head),
                left == null ? null : left + (nint)head * LeftSize,
                right == null ? null : right + (nint)head * RightSize);
        }
    }

    // The product of one head, with what is held of its noise.
    private void Multiply(ForwardContext context, PreparedNoise? noise, int head, float* result, Scratch scratch)
    {
        HeldLaw? held = noise?.Held[Node.Index];
        PackedMatrix right = scratch.Pack(Operand(context, noise, head, scratch), _operation.Length, _operation.Columns, _operation.Columns, 1);
        Multiply(Left(context, head), _operation.Rows, right, result, accumulate: false);
        if (held is not { DrawsOffsets: true })
        {
            return;
        }

        (int image, int group) = Math.DivRem(head, _operation.Groups);
        float* offsets = scratch.HeldOffsets.Reserve(_operation.Columns);
        long draw = held.DrawOf(noise!.FirstImage + context.FirstImage + image);
        HeldNumbers.FillOffsets(held, held.Offsets, noise.Seed, Node.Index, draw, group * _operation.Columns, _operation.Columns, offsets);
        for (int row = 0; row < _operation.Rows; row++)
        {
            RowKernels.Add(result + (nint)row * _operation.Columns, offsets, _operation.Columns);
        }
    }

    // The second operand of one head, off by the held noise of its draw.
    private float* Operand(ForwardContext context, PreparedNoise? noise, int head, Scratch scratch)
    {
        float* right = Right(context, head);
        if (noise?.Held[Node.Index] is not { DrawsWeights: true } held)
        {
            return right;
        }

        (int image, int group) = Math.DivRem(head, _operation.Groups);
        float* disturbed = scratch.HeldNumbers.Reserve(RightSize);
        long draw = held.DrawOf(noise.FirstImage + context.FirstImage + image);
        HeldNumbers.FillWeights(held, held.Weights, noise.Seed, Node.Index, draw, group, _operation.Columns, 0, _operation.Length, disturbed);
        RowKernels.Add(disturbed, right, RightSize);
        return disturbed;
    }

    // What is drawn anew for every read of one head.
    private void AddFresh(ForwardContext context, PreparedNoise? noise, int head, float* products, Scratch scratch)
    {
        if (noise?.Variances[Node.Index] is not { } law)
        {
            return;
        }

        (int image, int group) = Math.DivRem(head, _operation.Groups);
        _noise.BeginHead(law, group, Right(context, head), scratch);
        for (int first = 0; first < _operation.Rows; first += _noise.RowsAtOnce)
        {
            int rows = Math.Min(_noise.RowsAtOnce, _operation.Rows - first);
            float* normals = _noise.Normals(context, noise, Node.Index, image, group, first, rows, scratch);
            float* variances = _noise.Evaluate(law, group, Left(context, head), first, rows, scratch.Variances, scratch);
            RowKernels.AddNoise(products + (nint)first * _operation.Columns, normals, variances, rows * _operation.Columns);
        }
    }

    private float* Left(ForwardContext context, int head) => context.Frame.Value(Input.Id) + (nint)head * LeftSize;

    private float* Right(ForwardContext context, int head) => context.Frame.Value(Second.Id) + (nint)head * RightSize;

    private float* Result(ForwardContext context, int head) => context.Frame.Value(Output.Id) + (nint)head * ResultSize;

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
