using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Clipping;

/// <summary>
/// Chooses the full scales of inputs and weights for a given energy. Receiver noise grows with dW dx and weight noise with dW, so that the energy for a given
/// noise goes with their squares; a few large weights and activations set them. Cutting those off costs an error that no energy removes: the least
/// sum of both is taken, channel by channel for weights and for all channels at once for an input, which has one converter.
/// </summary>
/// <remarks>
/// The lower the energy, the narrower the full scale. Weights are not learned: what is written to the device is the network's own, saturated. Gains
/// and offsets restore scale and mean of each product for inputs that do not depend on each other (<see cref="WeightClip"/>).
/// </remarks>
public sealed class ClipFit
{
    private const int Rounds = 2;
    private const int InputCandidates = 60;
    private const double InputStep = 0.96;

    private readonly OnnxNetwork _network;
    private readonly QuantisationPlan _start;
    private readonly ReferenceNoiseOptions _law;
    private readonly FullScaleVariance _variance;
    private readonly InputCodes _codes;
    private readonly LabelledImages _images;
    private readonly ClipOptions _options;
    private readonly double[]?[] _variances;

    /// <summary>Observes the inputs of a network.</summary>
    /// <param name="network">The float32 network.</param>
    /// <param name="start">Its grids without this choice; ranges are never wider.</param>
    /// <param name="law">Receiver or weight noise.</param>
    /// <param name="images">Calibration images.</param>
    /// <param name="options">How.</param>
    /// <exception cref="PrecisionException">The law knows no full scale, or an input is on no grid.</exception>
    public ClipFit(OnnxNetwork network, QuantisationPlan start, ReferenceNoiseOptions law, LabelledImages images, ClipOptions options)
    {
        if (!FullScaleVariance.Matters(law.Law))
        {
            throw new PrecisionException(
                PrecisionFault.Data, $"{law.Law} noise does not grow with a full scale, so that clipping buys nothing; choose full scales for receiver or weight noise, and corrections alone for others");
        }

        if (start.Nodes.FirstOrDefault(node => node.Input is null) is { } open)
        {
            throw new PrecisionException(PrecisionFault.Data, $"the input of '{open.Name}' is on no grid, so that its range is not known; calibrate a plan with input bits");
        }

        (_network, _start, _law, _images, _options) = (network, start, law, images, options);
        _variance = new FullScaleVariance(law);
        Images = Math.Min(options.Images, images.Count);
        _variances = new double[]?[network.AnalogNodes.Count];
        _codes = new InputCodes(network, start, images, Images);
    }

    /// <summary>Images that were passed forward.</summary>
    public int Images { get; }

    /// <summary>Chooses full scales for these energies.</summary>
    /// <param name="energy">[layer][one entry, or one per channel] E.</param>
    public ClippedNetwork At(IReadOnlyList<double[]> energy) => Make(Choose(energy), learnRanges: false);

    /// <summary>How full scales are chosen.</summary>
    internal ClipOptions Options => _options;

    /// <summary>Whether noise grows with the span of the inputs too.</summary>
    internal bool OfInputs => _variance.OfInputs;

    /// <summary>The float32 network.</summary>
    internal OnnxNetwork Network => _network;

    /// <summary>The clips of the closed form.</summary>
    internal NodeClip[] Choose(IReadOnlyList<double[]> energy) => [.. _network.AnalogNodes.Select(node => Choose(node, energy[node.Index]))];

    /// <summary>The grids without a choice: all weights, inputs to the ends they were calibrated with.</summary>
    internal NodeClip[] Wide() =>
    [
        .. _network.AnalogNodes.Select(node => new NodeClip(
            _codes.GridOf(node.Index).Low,
            _codes.GridOf(node.Index).High,
            [.. Enumerable.Range(0, node.Channels).Select(channel => WeightClip.At(WeightsOf(node, channel), VariancesOf(node, channel), double.MaxValue))])),
    ];

    /// <summary>Variance of each weight's input, in patch order.</summary>
    internal double[] VariancesOf(AnalogNode node, int channel) => InPatchOrder(node, channel, _variances[node.Index] ??= _codes.Variances(node.Index));

    /// <summary>The network at these clips.</summary>
    /// <param name="clips">One for each analog node.</param>
    /// <param name="learnRanges">Whether its backward passes give gradients of the inputs' ranges.</param>
    internal ClippedNetwork Make(NodeClip[] clips, bool learnRanges)
    {
        var plan = new QuantisationPlan([.. clips.Select((clip, i) => clip.On(_start.Nodes[i]))], Images);
        NodeCorrection[] corrections = [.. _network.AnalogNodes.Select(node => Compensate(node, clips[node.Index]))];
        OnnxNetwork network = _network.Quantised(plan, learnRanges);
        ReferenceNoiseModel noise = ReferenceNoiseModel.Create(
            network, _law, _images.Pixels, 1, [.. plan.Nodes.Select(node => new InputRange(node.Input!.Low, node.Input.High))]);
        return new ClippedNetwork(network.Corrected(corrections), noise, plan, corrections);
    }

    private NodeClip Choose(AnalogNode node, double[] energy)
    {
        AffineQuantiser grid = _codes.GridOf(node.Index);
        (double low, double high) = (grid.Low, grid.High);
        double patch = PerPatch(node, _codes.Squares(node.Index));
        double[] variances = _codes.Variances(node.Index);
        var weights = new WeightClip[node.Channels];
        for (int round = 0; round < Rounds; round++)
        {
            for (int channel = 0; channel < node.Channels; channel++)
            {
                double noise = _variance.ForUnitWeights(node, high - low, patch, At(energy, channel));
                weights[channel] = WeightClip.Choose(WeightsOf(node, channel), InPatchOrder(node, channel, variances), noise, _options.Strength);
            }

            if (!_variance.OfInputs)
            {
                break;
            }

            (low, high) = ChooseInput(node, energy, weights, grid);
        }

        return new NodeClip(low, high, weights);
    }

    private (double Low, double High) ChooseInput(AnalogNode node, double[] energy, WeightClip[] weights, AffineQuantiser grid)
    {
        double noise = 0;
        double[] power = new double[node.InputChannels];
        for (int channel = 0; channel < node.Channels; channel++)
        {
            double span = weights[channel].Gain * (weights[channel].High - weights[channel].Low);
            noise += span * span * _variance.ForUnitWeights(node, 1, 0, At(energy, channel));
            AddPower(node, channel, power);
        }

        double magnitude = Math.Max(-grid.Low, grid.High);
        (double Low, double High) best = (grid.Low, grid.High);
        double least = double.PositiveInfinity;
        for (int k = 0; k < InputCandidates; k++)
        {
            double limit = magnitude * Math.Pow(InputStep, k);
            double low = Math.Max(grid.Low, -limit);
            double high = Math.Min(grid.High, limit);
            double error = noise * (high - low) * (high - low)
                + _options.Strength * _codes.ClippingErrors(node.Index, low, high).Zip(power, (e, p) => e * p).Sum();
            if (error < least)
            {
                (least, best) = (error, (low, high));
            }
        }

        return best;
    }

    // What the mean of the product has lost: sum w mean(x) - gain sum c mean(clipped x).
    private NodeCorrection Compensate(AnalogNode node, NodeClip clip)
    {
        double[] before = _codes.Means(node.Index, double.NegativeInfinity, double.PositiveInfinity);
        double[] after = _codes.Means(node.Index, clip.InputLow, clip.InputHigh);
        float[] offset = new float[node.Channels];
        for (int channel = 0; channel < node.Channels; channel++)
        {
            WeightClip weight = clip.Weights[channel];
            ReadOnlySpan<float> row = WeightsOf(node, channel);
            double sum = 0;
            for (int j = 0; j < row.Length; j++)
            {
                int input = InputOf(node, channel, j);
                sum += row[j] * before[input] - weight.Gain * Math.Clamp(row[j], weight.Low, weight.High) * after[input];
            }

            offset[channel] = (float)sum;
        }

        return new NodeCorrection([.. clip.Weights.Select(weight => (float)weight.Gain)], offset);
    }

    private static void AddPower(AnalogNode node, int channel, double[] power)
    {
        ReadOnlySpan<float> row = WeightsOf(node, channel);
        for (int j = 0; j < row.Length; j++)
        {
            power[InputOf(node, channel, j)] += (double)row[j] * row[j];
        }
    }

    private static double PerPatch(AnalogNode node, double[] squares) => squares.Average() * node.DotLength;

    private static double[] InPatchOrder(AnalogNode node, int channel, double[] byInput)
    {
        double[] result = new double[node.DotLength];
        for (int j = 0; j < result.Length; j++)
        {
            result[j] = byInput[InputOf(node, channel, j)];
        }

        return result;
    }

    // Patches hold the channels of one group, tap by tap.
    private static int InputOf(AnalogNode node, int channel, int place)
    {
        int groupInputs = node.InputChannels / node.Groups;
        return channel / node.GroupChannels * groupInputs + place % groupInputs;
    }

    internal static ReadOnlySpan<float> WeightsOf(AnalogNode node, int channel) => node.Weights.Span.Slice(channel * node.DotLength, node.DotLength);

    private static double At(double[] energy, int channel) => energy[energy.Length == 1 ? 0 : channel];
}
