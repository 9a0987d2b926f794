using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Clipping;

/// <summary>Full scales under a law of the literature, on the grids of the paper's converters (<see cref="ClipChoice"/>).</summary>
public sealed class ClipFit : IFullScales
{
    private readonly OnnxNetwork _network;
    private readonly QuantisationPlan _start;
    private readonly ReferenceNoiseOptions _law;
    private readonly ReferenceSpans _spans;
    private readonly InputCodes _codes;
    private readonly ClipChoice _choice;
    private readonly LabelledImages _images;
    private readonly ClipOptions _options;

    /// <summary>Observes the inputs of a network.</summary>
    /// <param name="network">The float32 network.</param>
    /// <param name="start">Its grids without this choice; ranges are never wider.</param>
    /// <param name="law">Receiver or weight noise.</param>
    /// <param name="images">Calibration images.</param>
    /// <param name="options">How.</param>
    /// <exception cref="PrecisionException">The law knows no full scale, or an input is on no grid.</exception>
    public ClipFit(OnnxNetwork network, QuantisationPlan start, ReferenceNoiseOptions law, LabelledImages images, ClipOptions options)
    {
        if (!ReferenceSpans.Matters(law.Law))
        {
            throw new PrecisionException(
                PrecisionFault.Data, $"{law.Law} noise does not grow with a full scale, so that clipping buys nothing; choose full scales for receiver or weight noise, and corrections alone for others");
        }

        if (start.Nodes.FirstOrDefault(node => node.Input is null) is { } open)
        {
            throw new PrecisionException(PrecisionFault.Data, $"the input of '{open.Name}' is on no grid, so that its range is not known; calibrate a plan with input bits");
        }

        (_network, _start, _law, _images, _options) = (network, start, law, images, options);
        _spans = new ReferenceSpans(law);
        Images = Math.Min(options.Images, images.Count);
        _codes = new InputCodes(network, start, images, Images);
        _choice = new ClipChoice(_codes, _spans, options.Strength);
    }

    /// <inheritdoc/>
    public int Images { get; }

    /// <inheritdoc/>
    public bool AreLearned => _options.RangeSteps > 0;

    /// <inheritdoc/>
    public ClippedNetwork Choose(MethodTask task, IReadOnlyList<double[]> energy, CancellationToken cancellationToken) =>
        AreLearned ? new RangeLearning(this).Run(task, energy, cancellationToken) : At(energy);

    /// <summary>Chooses full scales for these energies by the closed form.</summary>
    /// <param name="energy">[layer][one entry, or one per channel] E.</param>
    public ClippedNetwork At(IReadOnlyList<double[]> energy) => Make(ClosedForm(energy), learnRanges: false);

    /// <summary>How full scales are chosen.</summary>
    internal ClipOptions Options => _options;

    /// <summary>Whether noise grows with the span of the inputs too.</summary>
    internal bool OfInputs => _spans.OfInputs;

    /// <summary>The float32 network.</summary>
    internal OnnxNetwork Network => _network;

    /// <summary>The clips of the closed form.</summary>
    internal NodeClip[] ClosedForm(IReadOnlyList<double[]> energy) => [.. _network.AnalogNodes.Select(node => _choice.Of(node, energy[node.Index]))];

    /// <summary>The grids without a choice: all weights, inputs to the ends they were calibrated with.</summary>
    internal NodeClip[] Wide() =>
    [
        .. _network.AnalogNodes.Select(node => new NodeClip(
            _codes.GridOf(node.Index).Low,
            _codes.GridOf(node.Index).High,
            [.. Enumerable.Range(0, node.Channels).Select(channel => WeightClip.At(ClipChoice.WeightsOf(node, channel), VariancesOf(node, channel), double.MaxValue))])),
    ];

    /// <summary>Variance of each weight's input, in patch order.</summary>
    internal double[] VariancesOf(AnalogNode node, int channel) => _choice.VariancesOf(node, channel);

    /// <summary>The network at these clips.</summary>
    /// <param name="clips">One for each analog node.</param>
    /// <param name="learnRanges">Whether its backward passes give gradients of the inputs' ranges.</param>
    internal ClippedNetwork Make(NodeClip[] clips, bool learnRanges)
    {
        var plan = new QuantisationPlan([.. clips.Select((clip, i) => clip.On(_start.Nodes[i]))], Images);
        NodeCorrection[] corrections = [.. _network.AnalogNodes.Select(node => _choice.Compensate(node, clips[node.Index]))];
        OnnxNetwork network = _network.Quantised(plan, learnRanges);
        ReferenceNoiseModel noise = ReferenceNoiseModel.Create(
            network, _law, _images.Pixels, 1, [.. plan.Nodes.Select(node => new InputRange(node.Input!.Low, node.Input.High))]);
        return new ClippedNetwork(network.Corrected(corrections), noise, plan, corrections);
    }
}
