using System.Security.Cryptography;
using AnalogHil.Core.Noise;
using AnalogHil.Engine.Execution;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Execution.Steps;
using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Products;
using AnalogHil.Engine.Graph.Passes;
using AnalogHil.Engine.Noise;
using AnalogHil.Engine.Onnx;
using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Engine;

/// <summary>A classifier read from an ONNX file and executed by this project's own kernels in float32.</summary>
/// <remarks>
/// Inside, feature maps are kept height, width, channel; batch normalisation is folded into the products, residual sums and clamps are fused
/// behind them. Noise is detached unless asked for (<see cref="NoiseInjection.DifferentiatesDeviation"/>): its standard deviation depends on the
/// layer's input, but gradients do not flow through that dependence (as in the code of Garg et al. 2021). Working memory grows with the first calls and is
/// reused.
/// </remarks>
public sealed class OnnxNetwork : ITrainableNetwork
{
    private readonly EngineOptions _options;
    private readonly Executor _executor;
    private readonly InputCheck _check;
    private readonly GradientPass _gradients;
    private readonly RoutePass _route;
    private readonly SamplePass _samples;
    private readonly PreparedNoise _noise = new();

    private OnnxNetwork(string name, string sha256, NetworkGraph graph, EngineOptions options)
    {
        _options = options;
        Name = name;
        Sha256 = sha256;
        Inputs = [.. Describe(graph.Inputs)];
        ItemShape input = graph.Inputs[0].Value.Shape;
        InputShape = Inputs.Count == 1 && input.IsMap ? new ImageShape(input.Channels, input.Height, input.Width) : new ImageShape(1, 1, Inputs.Sum(part => part.Size));
        _check = new InputCheck(graph, Inputs);
        Classes = graph.Output.Shape.Channels;
        _executor = new Executor(new ExecutionPlan(graph), options.Threads);
        AnalogNodes = [.. _executor.Plan.AnalogSteps.Select(step => step.Node)];
        DigitalProducts = [.. _executor.Plan.Steps.OfType<AnalogStep>().Where(step => !step.IsAnalog).Select(step => step.Node)];
        _gradients = new GradientPass(_executor, AnalogNodes, options.TapeBytes);
        _route = new RoutePass(_executor, options.MaxBatch);
        _samples = new SamplePass(_executor);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>SHA-256 of the model file, lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <inheritdoc/>
    public ImageShape InputShape { get; }

    /// <inheritdoc/>
    public IReadOnlyList<NetworkInput> Inputs { get; }

    /// <inheritdoc/>
    public int Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<AnalogNode> AnalogNodes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<AnalogNode> DigitalProducts { get; }

    /// <summary>Bytes that each thread holds for forward passes at this moment.</summary>
    internal long[] HeldBytes => _executor.HeldBytes;

    internal NetworkGraph Graph => _executor.Plan.Graph;

    /// <summary>Reads a model file.</summary>
    /// <param name="path">ONNX file, opset 7 to 22, float32, one input [N, C, H, W] or several of fixed sizes such as token ids and masks [N, tokens], one
    /// output [N, classes].</param>
    /// <param name="options">How to execute it; null for the defaults.</param>
    /// <exception cref="ModelImportException">The file cannot be read, is damaged, or holds something the engine does not support.</exception>
    public static OnnxNetwork Load(string path, EngineOptions? options = null)
    {
        byte[] file = ModelFile.Read(path);
        try
        {
            return Parse(Path.GetFileNameWithoutExtension(path), file, options);
        }
        catch (ModelImportException error)
        {
            throw new ModelImportException($"model '{path}': {error.Message}", error);
        }
    }

    /// <summary>Reads a model from memory.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="file">The bytes of an ONNX file.</param>
    /// <param name="options">How to execute it; null for the defaults.</param>
    /// <exception cref="ModelImportException">The bytes are damaged, or hold something the engine does not support.</exception>
    public static OnnxNetwork Parse(string name, ReadOnlySpan<byte> file, EngineOptions? options = null)
    {
        options ??= new EngineOptions();
        options.Validate();
        NetworkGraph graph = Lowering.Run(OnnxImporter.Import(file));
        return new OnnxNetwork(name, Convert.ToHexStringLower(SHA256.HashData(file)), graph, options);
    }

    /// <summary>
    /// Bytes held in steady state by forward passes of <paramref name="batch"/> images, as planned; packs the weights if no pass has done so.
    /// </summary>
    /// <param name="batch">Images of one call, at least 1.</param>
    public NetworkMemory Memory(int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        return _executor.Memory(batch, Math.Min(batch, _options.MaxBatch));
    }

    /// <inheritdoc/>
    public IReadOnlyList<NodeNoise?> Bind(IReadOnlyList<NodeNoise?> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        return new BoundNoise(nodes, _executor.Plan.AnalogSteps);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Once calls of this size have been made, a call allocates nothing on any thread, with noise whose laws are bound (<see cref="Bind"/>) or without.
    /// </remarks>
    public void Forward(ReadOnlySpan<float> images, int count, Span<float> logits, NoiseInjection? noise = null)
    {
        CheckImages(images, count);
        CheckLogits(logits.Length, count);
        _executor.Forward(images, count, logits, noise is null ? null : _noise.Set(noise, _executor.Plan.AnalogSteps));
    }

    /// <inheritdoc/>
    public ValueTask ForwardAsync(
        ReadOnlyMemory<float> images, int count, Memory<float> logits, IProductRoute route, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(route);
        CheckImages(images.Span, count);
        CheckLogits(logits.Length, count);
        return _route.RunAsync(images, count, logits, route, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks><paramref name="loss"/> is called once, with the logits of the whole batch.</remarks>
    public NetworkGradients Differentiate(
        ReadOnlySpan<float> images, int count, LogitGradient loss, NoiseInjection? noise, IReadOnlyList<ElementVariance>? sensitivityAt) =>
        Differentiate(images, count, loss, noise, sensitivityAt, WantedGradients.None);

    /// <inheritdoc/>
    /// <remarks><paramref name="loss"/> is called once, with the logits of the whole batch.</remarks>
    public NetworkGradients Differentiate(
        ReadOnlySpan<float> images, int count, LogitGradient loss, NoiseInjection? noise, IReadOnlyList<ElementVariance>? sensitivityAt, WantedGradients wanted)
    {
        ArgumentNullException.ThrowIfNull(loss);
        CheckImages(images, count);
        return _gradients.Run(images, count, loss, PreparedNoise.Prepare(noise, _executor.Plan.AnalogSteps), PrepareSensitivity(sensitivityAt), wanted);
    }

    /// <inheritdoc/>
    /// <remarks>The sampler is called once for each node, in order of execution, with all images; a node without noise shows the same numbers twice.</remarks>
    public void SampleNodes(ReadOnlySpan<float> images, int count, NoiseInjection noise, NodeSampler sampler)
    {
        ArgumentNullException.ThrowIfNull(noise);
        ArgumentNullException.ThrowIfNull(sampler);
        if (Graph.Nodes.Any(node => node.Operation is ProductOperation { Gain: not null }))
        {
            throw new InvalidOperationException(
                "samples are of bare products, and this network has digital gains behind them; sample the network it was made from");
        }

        CheckImages(images, count);
        _samples.Run(images, count, PreparedNoise.Prepare(noise, _executor.Plan.AnalogSteps)!, sampler);
    }

    /// <inheritdoc/>
    public InputRange[] ObserveRanges(ReadOnlySpan<float> images, int count)
    {
        CheckImages(images, count);
        var ranges = new InputRange[AnalogNodes.Count];
        Array.Fill(ranges, new InputRange(float.PositiveInfinity, float.NegativeInfinity));
        _executor.Observe(images, count, (product, context) =>
        {
            InputRange seen = product.Range(context);
            lock (ranges)
            {
                ranges[product.Node.Index] = ranges[product.Node.Index].With(seen);
            }
        });
        return ranges;
    }

    /// <summary>Runs the clean network and shows what enters every analog node.</summary>
    /// <param name="images">[count x C x H x W].</param>
    /// <param name="count">Number of images.</param>
    /// <param name="observer">Called for every node and block of images, from several threads at once.</param>
    public void ObserveInputs(ReadOnlySpan<float> images, int count, NodeInputObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        CheckImages(images, count);
        _executor.Observe(images, count, (product, context) => product.ShowInput(context, observer));
    }

    /// <summary>The same network with inputs and weights of its analog nodes on the grids of a plan.</summary>
    /// <remarks>
    /// Noise laws and device routes see the quantised patches, and <see cref="AnalogNodes"/> holds the quantised weights. Backwards, gradients pass
    /// rounding straight through and are zero where an input is clipped. This network stays as it is.
    /// </remarks>
    /// <param name="plan">One entry per analog node.</param>
    /// <param name="learnRanges">Whether backward passes also compute <see cref="NetworkGradients.Ranges"/>.</param>
    /// <exception cref="ArgumentException">The plan was made for another network.</exception>
    /// <exception cref="InvalidOperationException">This network is already quantised.</exception>
    public OnnxNetwork Quantised(QuantisationPlan plan, bool learnRanges = false) =>
        new(Name, Sha256, QuantiseProducts.Run(Graph, plan, learnRanges), _options);

    /// <summary>The same network with its products of two activations computed digitally: what runs on devices that program one operand.</summary>
    /// <remarks>
    /// They leave <see cref="AnalogNodes"/> for <see cref="DigitalProducts"/>, so that plans, noise and validation are about the others. This network stays
    /// as it is.
    /// </remarks>
    public OnnxNetwork WithDigitalActivationProducts() => new(Name, Sha256, NumberProducts.WithDigitalActivationProducts(Graph), _options);

    /// <summary>The same network with ReLU wherever it has ReLU6, as the released code of Garg et al. 2021 builds MobileNetV2; and how many there
    /// were.</summary>
    /// <remarks>Its activations have no upper end, so that the inputs' span dx that receiver noise grows with is that of the images. This network stays as
    /// it is.</remarks>
    public (OnnxNetwork Network, int Opened) WithReluForRelu6()
    {
        (NetworkGraph graph, int opened) = OpenRelu6.Run(Graph);
        return opened == 0 ? (this, 0) : (new OnnxNetwork(Name, Sha256, graph, _options), opened);
    }

    /// <inheritdoc cref="ITrainableNetwork.Corrected"/>
    public OnnxNetwork Corrected(IReadOnlyList<NodeCorrection?> corrections) => new(Name, Sha256, ReplaceParameters.Correct(Graph, corrections), _options);

    /// <inheritdoc cref="ITrainableNetwork.WithWeights"/>
    public OnnxNetwork WithWeights(IReadOnlyList<float[]?> weights) => new(Name, Sha256, ReplaceParameters.Weigh(Graph, weights), _options);

    ITrainableNetwork ITrainableNetwork.Corrected(IReadOnlyList<NodeCorrection?> corrections) => Corrected(corrections);

    ITrainableNetwork ITrainableNetwork.WithWeights(IReadOnlyList<float[]?> weights) => WithWeights(weights);

    private static IEnumerable<NetworkInput> Describe(IReadOnlyList<GraphInput> inputs)
    {
        int start = 0;
        foreach (GraphInput input in inputs)
        {
            yield return new NetworkInput(input.Value.Name, start, input.Value.Shape.Dims, input.Kind);
            start += input.Value.Shape.Size;
        }
    }

    private NoiseLaw[]? PrepareSensitivity(IReadOnlyList<ElementVariance>? laws)
    {
        if (laws is null)
        {
            return null;
        }

        return laws.Count == AnalogNodes.Count
            ? [.. laws.Select((law, i) => _executor.Plan.AnalogSteps[i].Prepare(law))]
            : throw new ArgumentException(
                $"{laws.Count} sensitivity laws are given, the network has {AnalogNodes.Count} analog nodes; give one per node", nameof(laws));
    }

    private void CheckImages(ReadOnlySpan<float> images, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (images.Length < (long)count * InputShape.Size)
        {
            throw new ArgumentException($"{images.Length} values are too few for {count} images of {InputShape}: {(long)count * InputShape.Size} are needed");
        }

        _check.Check(images, count);
    }

    private void CheckLogits(int length, int count)
    {
        if (length < (long)count * Classes)
        {
            throw new ArgumentException(
                $"{length} places are too few for the logits of {count} images with {Classes} classes: {(long)count * Classes} are needed");
        }
    }
}
