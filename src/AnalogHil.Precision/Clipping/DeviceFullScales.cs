using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Clipping;

/// <summary>Full scales on a device whose noise was measured (<see cref="ClipChoice"/>).</summary>
/// <remarks>
/// Narrower full scales make reads larger relative to the output converter's range. Channels that would leave it often are written smaller again
/// (<see cref="ConverterFit"/>), and their weights are then cut no further than that.
/// </remarks>
public sealed class DeviceFullScales : IFullScales
{
    // Codes that inputs are counted on: finer than the converters there are, coarse enough to be counted for each of thousands of channels.
    private const int Bits = 10;

    // A full scale of 16 bits lies on a grid, whose negative end is one code further out.
    private const double Rounding = 1e-4;

    private readonly OnnxNetwork _network;
    private readonly NetworkOnDevice _layout;
    private readonly NoiseProfile _profile;
    private readonly LabelledImages _images;
    private readonly InputCodes _codes;
    private readonly ClipChoice _choice;

    /// <summary>Observes the inputs of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layout">The network on the device; full scales are never wider than here.</param>
    /// <param name="profile">Measured noise.</param>
    /// <param name="images">Calibration images; all of them are looked at, for what none of them shows is cut off at no cost.</param>
    /// <param name="strength">What a squared error of clipping weighs against as much variance of noise (<see cref="ClipOptions.Strength"/>).</param>
    /// <exception cref="PrecisionException">The network has products that cannot be cut (<see cref="WhyNot"/>).</exception>
    public DeviceFullScales(OnnxNetwork network, NetworkOnDevice layout, NoiseProfile profile, LabelledImages images, double strength)
    {
        if (WhyNot(network, profile) is { } reason)
        {
            throw new PrecisionException(PrecisionFault.Data, $"full scales cannot be chosen: {reason}");
        }

        (_network, _layout, _profile, _images) = (network, layout, profile, images);
        Images = images.Count;
        InputRange[] seen = network.ObserveRanges(images.Pixels, images.Count);
        var start = new QuantisationPlan([.. network.AnalogNodes.Select(node => new NodeQuantisation(
            node.Name, AffineQuantiser.FromRange(seen[node.Index].Low, seen[node.Index].High, Bits, seen[node.Index].Low < 0), []))]);
        _codes = new InputCodes(network, start, images, Images);
        _choice = new ClipChoice(_codes, new DeviceSpans(profile, layout.Scales), strength);
    }

    /// <inheritdoc/>
    public int Images { get; }

    /// <inheritdoc/>
    public bool AreLearned => false;

    /// <summary>Why full scales cannot be chosen, or would buy nothing; null where they can.</summary>
    /// <param name="network">The network.</param>
    /// <param name="profile">Measured noise.</param>
    public static string? WhyNot(INetwork network, NoiseProfile profile) =>
        network is not OnnxNetwork ? $"{network.Name} cannot be cut"
        : network.AnalogNodes.FirstOrDefault(node => node.Operands == ProductOperands.TwoActivations) is { } pair
            ? $"'{pair.Name}' multiplies two activations, which are not cut"
        : profile.FullScale.QuantiserStep == 0 && profile.FullScale.InputStep == 0
            && profile.Terms.All(term => term.Term == NoiseTerm.ShotBalanced || term.Sigma.Value == 0)
            ? "the measured noise grows with no full scale"
        : null;

    /// <inheritdoc/>
    public ClippedNetwork Choose(MethodTask task, IReadOnlyList<double[]> energy, CancellationToken cancellationToken)
    {
        NodeClip[] clips = [.. _network.AnalogNodes.Select(node => _choice.Of(node, energy[node.Index]))];
        cancellationToken.ThrowIfCancellationRequested();
        (ClippedNetwork cut, NetworkOnDevice layout) = Make(clips);
        if (Widen(clips, layout))
        {
            cancellationToken.ThrowIfCancellationRequested();
            (cut, _) = Make(clips);
        }

        return cut;
    }

    /// <summary>Full scales with what of the inputs was seen, and what of them lies beyond.</summary>
    /// <param name="node">Index of the product.</param>
    /// <param name="scale">Its full scales.</param>
    public NodeFullScale Seen(int node, NodeFullScale scale) => scale with
    {
        InputSeen = _layout.Scales[node].InputFullScale,
        InputsCut = _codes.Beyond(node, scale.IsSigned ? -scale.Input : 0, scale.Input),
    };

    private (ClippedNetwork Cut, NetworkOnDevice Layout) Make(NodeClip[] clips)
    {
        NodeFullScale[] scales = [.. clips.Select(ScaleOf)];
        NodeCorrection[] corrections = [.. _network.AnalogNodes.Select(node => _choice.Compensate(node, clips[node.Index]))];
        OnnxNetwork network = NarrowedNetwork.Of(_network, scales).Corrected(corrections);
        NetworkOnDevice layout = NarrowedNetwork.LayOut(network, scales, _layout.Capabilities, _layout.Map, _images);
        var plan = new QuantisationPlan([.. _network.AnalogNodes.Select((node, i) => scales[i].On(node.Name))], Images);
        return (new ClippedNetwork(network, new NoiseModel(layout.Scales, _profile), plan, corrections), layout);
    }

    private static NodeFullScale ScaleOf(NodeClip clip) => new(
        Math.Max(-clip.InputLow, clip.InputHigh), clip.InputLow < 0, [.. clip.Weights.Select(weight => weight.Span(symmetric: true))]);

    // What is written smaller anyway need not be cut as far.
    private bool Widen(NodeClip[] clips, NetworkOnDevice layout)
    {
        bool any = false;
        foreach (AnalogNode node in _network.AnalogNodes)
        {
            WeightClip[] weights = clips[node.Index].Weights;
            for (int channel = 0; channel < weights.Length; channel++)
            {
                double full = layout.Scales[node.Index].WeightFullScale[channel];
                if (full > weights[channel].Span(symmetric: true) * (1 + Rounding))
                {
                    weights[channel] = WeightClip.At(ClipChoice.WeightsOf(node, channel), _choice.VariancesOf(node, channel), full);
                    any = true;
                }
            }
        }

        return any;
    }
}
