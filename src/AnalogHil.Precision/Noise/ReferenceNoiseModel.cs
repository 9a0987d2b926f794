using AnalogHil.Core.Noise;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Noise;

/// <summary>A law of the literature on a network, without any device: white, no floor, so that Var(E) = Var(1) / E and E may be any positive number.</summary>
public sealed class ReferenceNoiseModel : INoiseModel
{
    private readonly ElementVariance[] _oneRead;

    private ReferenceNoiseModel(ReferenceNoiseOptions options, ElementVariance[] oneRead)
    {
        Options = options;
        _oneRead = oneRead;
    }

    /// <summary>The law.</summary>
    public ReferenceNoiseOptions Options { get; }

    /// <inheritdoc/>
    public int Layers => _oneRead.Length;

    /// <inheritdoc/>
    public double LeastEnergy => 1e-6;

    /// <summary>Whether E is photons per multiply-accumulate (x 0.1282 aJ at 1550 nm); otherwise it is relative to one read.</summary>
    public bool InPhotons => Options.Law is ReferenceLaw.ShotBalanced or ReferenceLaw.ShotFixedGain;

    /// <summary>Binds a network to a law.</summary>
    /// <param name="network">The network; one with quantised weights and inputs where the paper has them.</param>
    /// <param name="options">The law.</param>
    /// <param name="images">[count x C x H x W] calibration images: they give dx, and the mean squares that fixed gains and intensity noise rest on.</param>
    /// <param name="count">Images; 64 to 160 will do.</param>
    /// <param name="ranges">dx of every node where it is not the smallest and largest observed value (a percentile, a converter's grid); null to observe it.</param>
    /// <exception cref="PrecisionException">The ranges are not those of this network, or a sigma is not a positive number.</exception>
    public static ReferenceNoiseModel Create(
        INetwork network, ReferenceNoiseOptions options, ReadOnlyMemory<float> images, int count, IReadOnlyList<InputRange>? ranges = null)
    {
        if (!(options.Sigma > 0 && double.IsFinite(options.Sigma)))
        {
            throw new PrecisionException(PrecisionFault.Data, $"sigma is {options.Sigma}; give a finite one above 0 (0.01 for receiver, 0.1 for weight noise in the paper)");
        }

        if (ranges is not null && ranges.Count != network.AnalogNodes.Count)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"{ranges.Count} input ranges were given, {network.Name} has {network.AnalogNodes.Count} analog products; give one for each");
        }

        IReadOnlyList<InputRange> spans = ranges
            ?? (options.Law is ReferenceLaw.Thermal or ReferenceLaw.Weight ? network.ObserveRanges(images.Span, count) : new InputRange[network.AnalogNodes.Count]);
        double[] patches = options.Law == ReferenceLaw.ShotFixedGain
            ? ProductMoments.PatchSquares(network, images.Span, count)
            : new double[network.AnalogNodes.Count];
        double[] operands = options.Law == ReferenceLaw.ShotFixedGain
            ? ProductMoments.OperandSquares(network, images.Span, count)
            : new double[network.AnalogNodes.Count];
        double[][] outputs = options.Law == ReferenceLaw.RelativeIntensity
            ? ProductMoments.OutputSquares(network, images.Span, count)
            : new double[network.AnalogNodes.Count][];
        return new ReferenceNoiseModel(
            options,
            [.. network.AnalogNodes.Select((node, layer) => node.Operands == ProductOperands.TwoActivations
                ? OneReadOfActivations(node, options, spans[layer], patches[layer], operands[layer], outputs[layer])
                : OneRead(node, options, spans[layer], patches[layer], operands[layer], outputs[layer]))]);
    }

    /// <inheritdoc/>
    public NodeNoise[] At(IReadOnlyList<double[]> energy)
    {
        CheckCount(energy.Count);
        return [.. _oneRead.Select((law, layer) => new NodeNoise(Divide(law, energy[layer])))];
    }

    /// <inheritdoc/>
    /// <remarks>The same at every energy.</remarks>
    public ElementVariance[] AveragingPartOfOneRead(IReadOnlyList<double[]> energy)
    {
        CheckCount(energy.Count);
        return [.. _oneRead];
    }

    /// <inheritdoc/>
    public double[][] Ones() => [.. _oneRead.Select(_ => new double[] { 1 })];

    private static ElementVariance OneRead(
        AnalogNode node, ReferenceNoiseOptions options, InputRange range, double patchSquares, double meanSquares, double[] outputSquares)
    {
        int length = node.DotLength * (options.Profile == ReferenceProfile.PaperCode ? node.Groups : 1);
        var law = new ElementVariance([0, node.DotLength], new float[node.Channels], new float[node.Channels], new float[node.Channels]);
        double span = (double)range.High - range.Low;
        for (int i = 0; i < node.Channels; i++)
        {
            ReadOnlySpan<float> weights = node.Weights.Span.Slice(i * node.DotLength, node.DotLength);
            (double low, double high, double squares) = Moments(weights);
            switch (options.Law)
            {
                case ReferenceLaw.Thermal:
                    law.Constant[i] = (float)ReferenceNoise.Thermal(length, high - low, span, options.Sigma, 1);
                    break;
                case ReferenceLaw.Weight:
                    law.SquareSlope[i] = (float)ReferenceNoise.Weight(high - low, options.Sigma, 1, 1);
                    break;
                case ReferenceLaw.ShotBalanced:
                    law.SquareSlope[i] = (float)ReferenceNoise.ShotBalanced(length, squares, 1, 1);
                    break;
                case ReferenceLaw.ShotFixedGain:
                    law.SquareSlope[i] = (float)(meanSquares / (2.0 * length));
                    law.Constant[i] = (float)(squares * patchSquares / (2.0 * length));
                    break;
                case ReferenceLaw.RelativeIntensity:
                    law.Constant[i] = (float)ReferenceNoise.RelativeIntensity(outputSquares[i], options.Sigma, 1);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(options), options.Law, "no such reference law");
            }
        }

        return law;
    }

    // Both operands change with every image: spans are those of what was observed, and sums of squares are the element's own.
    private static ElementVariance OneReadOfActivations(
        AnalogNode node, ReferenceNoiseOptions options, InputRange range, double patchSquares, double operandSquares, double[] outputSquares)
    {
        int channels = node.Channels;
        double span = (double)range.High - range.Low;
        double operandSpan = (double)range.OperandHigh - range.OperandLow;
        var law = new ElementVariance([0, node.DotLength], new float[channels], new float[channels], new float[channels]);
        switch (options.Law)
        {
            case ReferenceLaw.Thermal:
                Array.Fill(law.Constant, (float)ReferenceNoise.Thermal(node.DotLength, operandSpan, span, options.Sigma, 1));
                return law;
            case ReferenceLaw.Weight:
                Array.Fill(law.SquareSlope, (float)ReferenceNoise.Weight(operandSpan, options.Sigma, 1, 1));
                return law;
            case ReferenceLaw.ShotBalanced:
                return law with { ProductSlope = [.. Enumerable.Repeat((float)ReferenceNoise.ShotBalanced(node.DotLength, 1, 1, 1), channels)] };
            case ReferenceLaw.ShotFixedGain:
                Array.Fill(law.SquareSlope, (float)(operandSquares / (2.0 * node.DotLength)));
                return law with { OperandSlope = [.. Enumerable.Repeat((float)(patchSquares / (2.0 * node.DotLength)), channels)] };
            case ReferenceLaw.RelativeIntensity:
                for (int i = 0; i < channels; i++)
                {
                    law.Constant[i] = (float)ReferenceNoise.RelativeIntensity(outputSquares[i], options.Sigma, 1);
                }

                return law;
            default:
                throw new ArgumentOutOfRangeException(nameof(options), options.Law, "no such reference law");
        }
    }

    private static (double Low, double High, double Squares) Moments(ReadOnlySpan<float> weights)
    {
        double low = weights.IsEmpty ? 0 : weights[0];
        double high = low;
        double squares = 0;
        foreach (float weight in weights)
        {
            low = Math.Min(low, weight);
            high = Math.Max(high, weight);
            squares += (double)weight * weight;
        }

        return (low, high, squares);
    }

    private static ElementVariance Divide(ElementVariance law, double[] energy)
    {
        if (energy.Length != 1 && energy.Length != law.Channels)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit, $"{energy.Length} energies for {law.Channels} output channels; give one for all or one per channel");
        }

        int channels = law.Channels;
        var result = new ElementVariance(law.BlockStarts, new float[channels], new float[channels], new float[channels])
        {
            OperandSlope = law.OperandSlope is null ? null : new float[channels],
            ProductSlope = law.ProductSlope is null ? null : new float[channels],
        };
        for (int i = 0; i < channels; i++)
        {
            double e = energy.Length == 1 ? energy[0] : energy[i];
            if (result.OperandSlope is not null)
            {
                result.OperandSlope[i] = (float)(law.OperandSlope![i] / e);
            }

            if (result.ProductSlope is not null)
            {
                result.ProductSlope[i] = (float)(law.ProductSlope![i] / e);
            }

            result.Constant[i] = (float)(law.Constant[i] / e);
            result.SquareSlope[i] = (float)(law.SquareSlope[i] / e);
        }

        return result;
    }

    private void CheckCount(int count)
    {
        if (count != _oneRead.Length)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"energies of {count} layers were given, the network has {_oneRead.Length} analog products; use those of this network");
        }
    }
}
