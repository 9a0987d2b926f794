using AnalogHil.Core.Noise;
using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Execution.Steps;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Products;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>Executes a product: multiply, add noise, add bias and the other branch, clamp, all on a chunk of rows that stays in the cache.</summary>
internal sealed unsafe class ProductStep : AnalogStep
{
    // A chunk's results, normals and variances are 64 KiB each: they stay in a second-level cache of 512 KiB beside the weights' panels.
    private const int ElementsAtOnce = 16384;
    private readonly TapPattern _pattern;
    private readonly Lazy<RowProduct> _product;
    private readonly PatchSums _sums;
    private readonly ProductNoise _noise;
    private readonly Lazy<InputGradient> _inputGradient;
    private readonly DeviationGradient _deviationGradient;
    private readonly ParameterGradient _parameterGradient;
    private readonly int _rowsAtOnce;

    public ProductStep(GraphNode node, ProductOperation operation)
        : base(node)
    {
        Operation = operation;
        ProductGeometry geometry = operation.Geometry;
        _pattern = RowProduct.ForwardPattern(geometry);
        int outputs = geometry.GroupOutputs;
        int inputs = geometry.GroupInputs;
        int length = geometry.DotLength;
        // Packed at the first pass: a model that is only looked at keeps one copy of its weights.
        _product = new Lazy<RowProduct>(() =>
        {
            float[] weights = operation.GainedWeights();
            return RowProduct.Create(
                _pattern,
                geometry.Groups,
                inputs,
                outputs,
                (group, tap, input, output) => weights[(group * outputs + output) * length + tap * inputs + input],
                geometry.IsPointwise);
        });
        _sums = new PatchSums(geometry, _pattern);
        _inputGradient = new Lazy<InputGradient>(() => new InputGradient(operation));
        _deviationGradient = new DeviationGradient(geometry, _pattern);
        _noise = new ProductNoise(geometry, operation.AnalogIndex, _sums);
        _rowsAtOnce = Math.Clamp(ElementsAtOnce / geometry.OutputChannels / 24 * 24, 48, 192);
        Node = new AnalogNode
        {
            Index = operation.AnalogIndex,
            Name = node.Name,
            Operator = operation.Operator,
            DotLength = length,
            Channels = geometry.OutputChannels,
            Groups = geometry.Groups,
            Positions = geometry.Positions,
            Weights = operation.Weights,
        };
        _parameterGradient = new ParameterGradient(operation, _pattern, Node);
    }

    /// <summary>What it computes.</summary>
    public ProductOperation Operation { get; }

    public override AnalogNode Node { get; }

    private int Channels => Operation.Geometry.OutputChannels;

    public override void Forward(ForwardContext context)
    {
        Prepare(context);
        int rows = context.Images * Node.Positions;
        for (int first = 0; first < rows; first += _rowsAtOnce)
        {
            Forward(context, first, Math.Min(_rowsAtOnce, rows - first), context.Scratch);
        }
    }

    // A part has at least the rows of one tile of the product.
    public override int Parts(ForwardContext context, int threads)
    {
        int rows = context.Images * Node.Positions;
        return (rows + PartRows(rows, threads) - 1) / PartRows(rows, threads);
    }

    public override void Prepare(ForwardContext context)
    {
        if (context.Noise?.Variances[Node.Index] is { } law && !_noise.TakesSquares(law))
        {
            SumPixels(context, law);
        }
    }

    public override void ForwardPart(ForwardContext context, int part, int threads, Scratch scratch)
    {
        int rows = context.Images * Node.Positions;
        int length = PartRows(rows, threads);
        Forward(context, part * length, Math.Min(length, rows - part * length), scratch);
    }

    private int PartRows(int rows, int threads) => Math.Min(_rowsAtOnce, (rows + 2 * threads - 1) / (2 * threads) + 7 & ~7);

    private void Forward(ForwardContext context, int first, int count, Scratch scratch)
    {
        float* input = context.Frame.Value(Input.Id);
        float* target = context.Frame.Value(Output.Id) + (nint)first * Channels;
        if (context.Noise?.Variances[Node.Index] is not { } law)
        {
            _product.Value.Multiply(input, first, count, target, accumulate: false, scratch);
            Finish(context, first, count);
            return;
        }

        float* squares = _noise.TakesSquares(law) ? scratch.SquareSums.Reserve((long)count * Channels) : null;
        if (squares == null)
        {
            _product.Value.Multiply(input, first, count, target, accumulate: false, scratch);
        }
        else
        {
            ((DepthwiseProduct)_product.Value).Multiply(input, first, count, target, squares, scratch);
        }

        fixed (float* bias = Operation.Bias)
        {
            _noise.Finish(context, context.Noise!, first, count, target, squares, input, Other(context, first), bias, Operation.Activation, scratch);
        }
    }

    /// <summary>Bytes of the packed weights.</summary>
    public long PackedBytes => _product.Value.PackedBytes;

    public override void Measure(ScratchNeed need, int images)
    {
        int rows = Math.Min(_rowsAtOnce, images * Node.Positions);
        _product.Value.Measure(need, rows);
        _noise.Measure(need, images, rows);
    }

    public override NoiseLaw Prepare(ElementVariance variance) => NoiseLaw.Prepare(GainedVariance.Of(variance, Operation.Gain), Operation.Geometry, Node.Name);

    public override void Multiply(ForwardContext context) => _product.Value.Multiply(
        context.Frame.Value(Input.Id), 0, context.Images * Node.Positions, context.Frame.Value(Output.Id), accumulate: false, context.Scratch);

    public override void AddNoise(ForwardContext context, PreparedNoise noise, float* products)
    {
        if (noise.Variances[Node.Index] is not { } law)
        {
            return;
        }

        // The same kernel as in a pass, with nothing to add but the noise.
        SumPixels(context, law);
        _noise.Finish(
            context, noise, 0, context.Images * Node.Positions, products, null, context.Frame.Value(Input.Id), null, context.Scratch.Zeros(Channels), Clamp.None, context.Scratch);
    }

    public override void Finish(ForwardContext context) => Finish(context, 0, context.Images * Node.Positions);

    /// <summary>Copies the patches of one group of the block, [images x positions x N].</summary>
    public void Gather(ForwardContext context, int group, float* patches)
    {
        ProductGeometry geometry = Operation.Geometry;
        _pattern.Gather(
            context.Frame.Value(Input.Id),
            geometry.InputChannels,
            group * geometry.GroupInputs,
            geometry.GroupInputs,
            0,
            context.Images * Node.Positions,
            patches);
    }

    /// <summary>Puts the products of one group, [images x positions x group channels], times their digital gains into the step's output.</summary>
    public void Scatter(ForwardContext context, int group, float* products)
    {
        int width = Node.GroupChannels;
        float* target = context.Frame.Value(Output.Id) + group * width;
        for (int row = 0; row < context.Images * Node.Positions; row++)
        {
            RowKernels.Copy(target + (nint)row * Channels, products + (nint)row * width, width);
            for (int i = 0; Operation.Gain is { } gain && i < width; i++)
            {
                target[(nint)row * Channels + i] *= gain[group * width + i];
            }
        }
    }

    public override InputRange Range(ForwardContext context)
    {
        ProductGeometry geometry = Operation.Geometry;
        bool pads = geometry.Vertical.Pads || geometry.Horizontal.Pads;
        (float low, float high) = RowKernels.Extremes(context.Frame.Value(Input.Id), context.Images * Input.Shape.Size);
        if (pads)
        {
            low = Math.Min(low, 0);
            high = Math.Max(high, 0);
        }

        return new InputRange(low, high);
    }

    public override void Backward(BackwardContext context)
    {
        ForwardContext forward = context.Forward;
        int rows = forward.Images * Node.Positions;
        float* gradient = context.Gradient(Output);
        RowKernels.MaskClamped(gradient, forward.Frame.Value(Output.Id), Operation.Activation, rows * Channels);
        if (context.Parameters is not null)
        {
            _parameterGradient.Add(context, gradient, forward.Frame.Value(Input.Id), forward.Frame.Value(Output.Id), Other(forward, 0));
        }

        if (Source.Inputs.Length > 1 && context.Needs(Source.Inputs[1]))
        {
            float* branch = context.Contribute(Source.Inputs[1], out bool add);
            RowKernels.Pass(branch, gradient, add, rows * Channels);
        }

        float* target = null;
        if (context.Needs(Input))
        {
            target = context.Contribute(Input, out bool accumulate);
            _inputGradient.Value.Run(gradient, forward.Images, target, accumulate, forward.Scratch);
        }

        CollectSums(context, gradient, rows, target);
    }

    // Sums for precision learning and, where wanted, what the noise's deviation adds to the input's gradient.
    private void CollectSums(BackwardContext context, float* gradient, int rows, float* inputGradient)
    {
        ForwardContext forward = context.Forward;
        NoiseLaw? law = forward.Noise?.Variances[Node.Index];
        NoiseLaw? slope = law is null ? null : forward.Noise!.Slopes[Node.Index];
        NoiseLaw? sensitivity = context.SensitivityAt?[Node.Index];
        if (law is null && sensitivity is null)
        {
            return;
        }

        SumPixels(forward, law, slope, sensitivity);
        bool follows = inputGradient != null && law is ({ UsesSquares: true } or { UsesMagnitudes: true }) && forward.Noise!.DifferentiatesDeviation;
        float* input = forward.Frame.Value(Input.Id);
        Scratch scratch = forward.Scratch;
        int count;
        for (int first = 0; first < rows; first += count)
        {
            // A chunk ends with its image: sums are kept apart by image.
            (int image, int position) = Math.DivRem(first, Node.Positions);
            count = Math.Min(_rowsAtOnce, Node.Positions - position);
            long elements = (long)count * Channels;
            float* chunk = gradient + (nint)first * Channels;
            if (law is not null)
            {
                float* normals = scratch.Normals.Reserve(elements);
                _noise.FillNormals(forward, forward.Noise!, image, position, count, normals);
                float* variances = scratch.Variances.Reserve(elements);
                _sums.Evaluate(law, input, forward, first, count, variances, scratch);
                float* slopes = null;
                if (slope is not null)
                {
                    slopes = scratch.Slopes.Reserve(elements);
                    _sums.Evaluate(slope, input, forward, first, count, slopes, scratch);
                }

                GradientKernels.AddLogEnergy(chunk, normals, variances, slopes, count, Channels, context.Sums.LogEnergy(context.SumIndex + image, Node));
                if (follows)
                {
                    _deviationGradient.Add(law, chunk, normals, variances, input, first, count, inputGradient, scratch);
                }
            }

            if (sensitivity is not null)
            {
                float* variances = scratch.Variances.Reserve(elements);
                _sums.Evaluate(sensitivity, input, forward, first, count, variances, scratch);
                GradientKernels.AddSensitivity(chunk, variances, count, Channels, context.Sums.Sensitivity(context.SumIndex + image, Node));
            }
        }
    }

    private void SumPixels(ForwardContext context, params ReadOnlySpan<NoiseLaw?> laws)
    {
        bool squares = false;
        bool magnitudes = false;
        foreach (NoiseLaw? law in laws)
        {
            squares |= law is { UsesSquares: true };
            magnitudes |= law is { UsesMagnitudes: true };
        }

        _sums.SumPixels(context.Frame.Value(Input.Id), context.Images, squares, magnitudes, context.Scratch);
    }

    private float* Other(ForwardContext context, int firstRow) =>
        Source.Inputs.Length > 1 ? context.Frame.Value(Source.Inputs[1].Id) + (nint)firstRow * Channels : null;

    private void Finish(ForwardContext context, int firstRow, int rows)
    {
        fixed (float* bias = Operation.Bias)
        {
            RowKernels.Finish(
                context.Frame.Value(Output.Id) + (nint)firstRow * Channels, Other(context, firstRow), bias, Operation.Activation, rows, Channels);
        }
    }
}
