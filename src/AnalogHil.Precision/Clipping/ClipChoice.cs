using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Precision.Clipping;

/// <summary>
/// The closed form for the full scales of one product at a given energy. Receiver noise grows with dW dx and weight noise with dW, so that the energy for a
/// given noise goes with their squares; a few large weights and activations set them. Cutting those off costs an error that no energy removes: the least
/// sum of both is taken, channel by channel for weights and for all channels at once for an input, which has one converter.
/// </summary>
/// <remarks>
/// The lower the energy, the narrower the full scale. Weights are not learned: what is written to the device is the network's own, saturated. Gains
/// and offsets restore scale and mean of each product for inputs that do not depend on each other (<see cref="WeightClip"/>).
/// </remarks>
/// <param name="codes">What enters the products.</param>
/// <param name="spans">What narrower full scales buy.</param>
/// <param name="strength">What a squared error of clipping weighs against as much variance of noise.</param>
internal sealed class ClipChoice(InputCodes codes, ISpanLaw spans, double strength)
{
    private const int Rounds = 2;
    private const int InputCandidates = 60;
    private const double InputStep = 0.96;

    private readonly Dictionary<int, double[]> _variances = [];

    /// <summary>The clips of a product with weights.</summary>
    /// <param name="node">The product.</param>
    /// <param name="energy">[one entry, or one per channel] E.</param>
    public NodeClip Of(AnalogNode node, double[] energy)
    {
        AffineQuantiser grid = codes.GridOf(node.Index);
        (double low, double high) = (grid.Low, grid.High);
        double squares = PerPatch(node, codes.Squares(node.Index));
        double magnitudes = PerPatch(node, codes.Magnitudes(node.Index));
        SpanVariance[] variances = spans.Of(node, energy);
        var weights = new WeightClip[node.Channels];
        for (int round = 0; round < Rounds; round++)
        {
            for (int channel = 0; channel < node.Channels; channel++)
            {
                double noise = At(variances, channel).ForUnitWeights(Span(low, high), squares, magnitudes);
                weights[channel] = WeightClip.Choose(WeightsOf(node, channel), VariancesOf(node, channel), noise, strength, spans.AreSymmetric);
            }

            if (!spans.OfInputs)
            {
                break;
            }

            (low, high) = ChooseInput(node, variances, weights, grid, magnitudes);
        }

        return new NodeClip(low, high, weights);
    }

    /// <summary>Variance of each weight's input, in patch order.</summary>
    public double[] VariancesOf(AnalogNode node, int channel)
    {
        if (!_variances.TryGetValue(node.Index, out double[]? known))
        {
            _variances[node.Index] = known = codes.Variances(node.Index);
        }

        double[] result = new double[node.DotLength];
        for (int j = 0; j < result.Length; j++)
        {
            result[j] = known[InputOf(node, channel, j)];
        }

        return result;
    }

    /// <summary>Gain of each channel's clip, and what the mean of the product has lost: sum w mean(x) - gain sum c mean(clipped x).</summary>
    public NodeCorrection Compensate(AnalogNode node, NodeClip clip)
    {
        double[] before = codes.Means(node.Index, double.NegativeInfinity, double.PositiveInfinity);
        double[] after = codes.Means(node.Index, clip.InputLow, clip.InputHigh);
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

    /// <summary>Weights of one channel.</summary>
    public static ReadOnlySpan<float> WeightsOf(AnalogNode node, int channel) => node.Weights.Span.Slice(channel * node.DotLength, node.DotLength);

    private (double Low, double High) ChooseInput(AnalogNode node, SpanVariance[] variances, WeightClip[] weights, AffineQuantiser grid, double magnitudes)
    {
        double receiver = 0;
        double direct = 0;
        double power = 0;
        double[] powerOf = new double[node.InputChannels];
        for (int channel = 0; channel < node.Channels; channel++)
        {
            double span = weights[channel].Gain * weights[channel].Span(spans.AreSymmetric);
            receiver += span * span * At(variances, channel).Receiver;
            direct += span * span * At(variances, channel).Direct;
            power += AddPower(node, channel, powerOf);
        }

        double rounding = power * QuantiserNoise.Variance(spans.InputStep);
        double magnitude = Math.Max(-grid.Low, grid.High);
        (double Low, double High) best = (grid.Low, grid.High);
        double least = double.PositiveInfinity;
        for (int k = 0; k < InputCandidates; k++)
        {
            double limit = magnitude * Math.Pow(InputStep, k);
            double low = Math.Max(grid.Low, -limit);
            double high = Math.Min(grid.High, limit);
            double span = Span(low, high);
            double error = (receiver + rounding) * span * span + direct * span * magnitudes
                + strength * codes.ClippingErrors(node.Index, low, high).Zip(powerOf, (e, p) => e * p).Sum();
            if (error < least)
            {
                (least, best) = (error, (low, high));
            }
        }

        return best;
    }

    private double Span(double low, double high) => spans.AreSymmetric ? Math.Max(-low, high) : high - low;

    // Adds sum of w^2 over taps for each input, and returns it over all.
    private static double AddPower(AnalogNode node, int channel, double[] power)
    {
        ReadOnlySpan<float> row = WeightsOf(node, channel);
        double all = 0;
        for (int j = 0; j < row.Length; j++)
        {
            double square = (double)row[j] * row[j];
            power[InputOf(node, channel, j)] += square;
            all += square;
        }

        return all;
    }

    private static double PerPatch(AnalogNode node, double[] each) => each.Average() * node.DotLength;

    // Patches hold the channels of one group, tap by tap.
    private static int InputOf(AnalogNode node, int channel, int place)
    {
        int groupInputs = node.InputChannels / node.Groups;
        return channel / node.GroupChannels * groupInputs + place % groupInputs;
    }

    private static SpanVariance At(SpanVariance[] variances, int channel) => variances[variances.Length == 1 ? 0 : channel];
}
