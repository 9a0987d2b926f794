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
    private readonly HeldDisturbance _held;
    private readonly Lazy<InputGradient> _inputGradient;
    private readonly ParameterGradient _parameterGradient;
    private readonly NoiseGradient _noiseGradient;
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
        _noise = new ProductNoise(geometry, operation.AnalogIndex, _sums);
        _held = new HeldDisturbance(operation.AnalogIndex, geometry.OutputChannels, _product, operation.Bias);
        _rowsAtOnce = Math.Clamp(ElementsAtOnce / geometry.OutputChannels / 24 * 24, 48, 192);
        Node = new AnalogNode
        {
            Index = operation.AnalogIndex,
            Name = node.Name,
            Operator = operation.Operator,
            DotLength = length,
            Taps = geometry.Taps,
            Channels = geometry.OutputChannels,
            Groups = geometry.Groups,
            Positions = geometry.Positions,
            Weights = operation.Weights,
        };
        _parameterGradient = new ParameterGradient(operation, _pattern, Node);
        _noiseGradient = new NoiseGradient(Node, operation, _pattern, _sums, _noise, _rowsAtOnce);
    }

    /// <summary>What it computes.</summary>
    public ProductOperation Operation { get; }

    public override AnalogNode Node { get; }

    /// <summary>Bytes of the packed weights.</summary>
    public long PackedBytes => _product.Value.PackedBytes;

    private int Channels => Operation.Geometry.OutputChannels;

    public override void Forward(ForwardContext context)
    {
        SumPixels(context);
        HeldLaw? held = context.Noise?.Held[Node.Index];
        int rows = context.Images * Node.Positions;
        for (int first = 0, end; first < rows; first = end)
        {
            end = held is null ? rows : BeginDraw(context, context.Noise!, held, first);
            for (int start = first; start < end; start += _rowsAtOnce)
            {
                Forward(context, start, Math.Min(_rowsAtOnce, end - start), context.Scratch);
            }
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
        SumPixels(context);

        // Only blocks of one image are cut into parts.
        if (context.Noise?.Held[Node.Index] is { } held)
        {
            _held.Begin(context, context.Noise, held, 0);
        }
    }

    public override void ForwardPart(ForwardContext context, int part, int threads, Scratch scratch)
    {
        int rows = context.Images * Node.Positions;
        int length = PartRows(rows, threads);
        Forward(context, part * length, Math.Min(length, rows - part * length), scratch);
    }

    public override void Measure(ScratchNeed need, int images)
    {
        int rows = Math.Min(_rowsAtOnce, images * Node.Positions);
        _product.Value.Measure(need, rows);
        _noise.Measure(need, images, rows);
    }

    public override void MeasureHeld(ScratchNeed need) => _held.Measure(need);

    public override NoiseLaw Prepare(ElementVariance variance) => NoiseLaw.Prepare(GainedVariance.Of(variance, Operation.Gain), Operation.Geometry, Node.Name);

    public override void Multiply(ForwardContext context) => _product.Value.Multiply(
        context.Frame.Value(Input.Id), 0, context.Images * Node.Positions, context.Frame.Value(Output.Id), accumulate: false, context.Scratch);

    public override void AddNoise(ForwardContext context, PreparedNoise noise, float* products)
    {
        float* input = context.Frame.Value(Input.Id);
        int rows = context.Images * Node.Positions;
        NoiseLaw? law = noise.Variances[Node.Index];
        HeldLaw? held = noise.Held[Node.Index];
        if (law is not null)
        {
            _sums.SumPixels(input, context.Images, law.UsesSquares, law.UsesMagnitudes, context.Scratch);
        }

        for (int first = 0, end; first < rows && (law is not null || held is not null); first = end)
        {
            float* bias = context.Scratch.Zeros(Channels);
            float* target = products + (nint)first * Channels;
            end = rows;
            if (held is not null)
            {
                end = BeginDraw(context, noise, held, first);
                bias = _held.Offsets(context);
                _product.Value.Multiply(_held.Weights(context, held), input, first, end - first, target, accumulate: false, context.Scratch);
            }

            // The same kernels as in a pass, with nothing to add but the noise.
            if (law is null)
            {
                RowKernels.Finish(target, null, bias, Clamp.None, end - first, Channels);
            }
            else
            {
                _noise.Finish(context, noise, first, end - first, target, null, input, null, bias, Clamp.None, context.Scratch);
            }
        }
    }

    public override void Finish(ForwardContext context)
    {
        fixed (float* bias = Operation.Bias)
        {
            Finish(context, 0, context.Images * Node.Positions, bias);
        }
    }

    /// <summary>Copies the patches of one group for rows <paramref name="firstRow"/> .. of the block, [rows x N].</summary>
    public void Gather(ForwardContext context, int group, int firstRow, int rows, float* patches)
    {
        ProductGeometry geometry = Operation.Geometry;
        _pattern.Gather(context.Frame.Value(Input.Id), geometry.InputChannels, group * geometry.GroupInputs, geometry.GroupInputs, firstRow, rows, patches);
    }

    /// <summary>
    /// Puts the products of one group for rows <paramref name="firstRow"/> .., [rows x group channels], times their digital gains into the step's output.
    /// </summary>
    public void Scatter(ForwardContext context, int group, int firstRow, int rows, float* products)
    {
        int width = Node.GroupChannels;
        float* target = context.Frame.Value(Output.Id) + (nint)firstRow * Channels + group * width;
        for (int row = 0; row < rows; row++)
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
        return pads ? new InputRange(Math.Min(low, 0), Math.Max(high, 0)) : new InputRange(low, high);
    }

    public override void Backward(BackwardContext context)
    {
        ForwardContext forward = context.Forward;
        int rows = forward.Images * Node.Positions;
        float* gradient = context.Gradient(Output);
        float* input = forward.Frame.Value(Input.Id);
        RowKernels.MaskClamped(gradient, forward.Frame.Value(Output.Id), Operation.Activation, rows * Channels);
        if (context.Parameters is not null)
        {
            _parameterGradient.Add(context, gradient, input, forward.Frame.Value(Output.Id), Other(forward, 0));
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
            bool follows = _noiseGradient.FollowGain(forward, gradient, back: false);
            _inputGradient.Value.Run(gradient, forward.Images, target, accumulate, forward.Scratch);
            if (follows)
            {
                _noiseGradient.FollowGain(forward, gradient, back: true);
            }
        }

        _noiseGradient.Collect(context, gradient, input, forward.Frame.Value(Output.Id), Other(forward, 0), target);
    }

    private void SumPixels(ForwardContext context)
    {
        if (context.Noise?.Variances[Node.Index] is { } law && !_noise.TakesSquares(law))
        {
            _sums.SumPixels(context.Frame.Value(Input.Id), context.Images, law.UsesSquares, law.UsesMagnitudes, context.Scratch);
        }
    }

    private int PartRows(int rows, int threads) => Math.Min(_rowsAtOnce, (rows + 2 * threads - 1) / (2 * threads) + 7 & ~7);

    // Draws for the image of a row, and says where the rows of images that share the draw end.
    private int BeginDraw(ForwardContext context, PreparedNoise noise, HeldLaw held, int firstRow)
    {
        int image = firstRow / Node.Positions;
        _held.Begin(context, noise, held, image);
        while (image + 1 < context.Images && HeldDisturbance.Shares(context, noise, held, image))
        {
            image++;
        }

        return (image + 1) * Node.Positions;
    }

    private void Forward(ForwardContext context, int first, int count, Scratch scratch)
    {
        float* input = context.Frame.Value(Input.Id);
        float* target = context.Frame.Value(Output.Id) + (nint)first * Channels;
        NoiseLaw? law = context.Noise?.Variances[Node.Index];
        HeldLaw? held = context.Noise?.Held[Node.Index];
        ProductWeights weights = _held.Weights(context, held);
        float* squares = law is not null && _noise.TakesSquares(law) ? scratch.SquareSums.Reserve((long)count * Channels) : null;
        if (squares == null)
        {
            _product.Value.Multiply(weights, input, first, count, target, accumulate: false, scratch);
        }
        else
        {
            ((DepthwiseProduct)_product.Value).Multiply(weights, input, first, count, target, squares, scratch);
        }

        fixed (float* own = Operation.Bias)
        {
            float* bias = held is null ? own : _held.Bias(context);
            if (law is null)
            {
                Finish(context, first, count, bias);
            }
            else
            {
                _noise.Finish(context, context.Noise!, first, count, target, squares, input, Other(context, first), bias, Operation.Activation, scratch);
            }
        }
    }

    private float* Other(ForwardContext context, int firstRow) =>
        Source.Inputs.Length > 1 ? context.Frame.Value(Source.Inputs[1].Id) + (nint)firstRow * Channels : null;

    private void Finish(ForwardContext context, int firstRow, int rows, float* bias) => RowKernels.Finish(
        context.Frame.Value(Output.Id) + (nint)firstRow * Channels, Other(context, firstRow), bias, Operation.Activation, rows, Channels);
}
