using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Engine.Evaluation;

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
    public bool InPhotons => Options.Law is ReferenceLawKind.Shot or ReferenceLawKind.ShotFixedGain;

    /// <summary>Binds a network to a law.</summary>
    /// <param name="network">The network; one with quantised weights and inputs where the paper has them.</param>
    /// <param name="options">The law.</param>
    /// <param name="images">[count x C x H x W] calibration images: they give dx, and the mean squares that fixed gains rest on.</param>
    /// <param name="count">Images; 64 to 160 will do.</param>
    /// <param name="ranges">dx of every node where it is not the smallest and largest observed value (a percentile, a converter's grid); null to observe
    /// it.</param>
    /// <exception cref="PrecisionException">The ranges are not those of this network, or a sigma is not a positive number.</exception>
    public static ReferenceNoiseModel Create(
        INetwork network, ReferenceNoiseOptions options, ReadOnlyMemory<float> images, int count, IReadOnlyList<InputRange>? ranges = null)
    {
        if (!(options.Sigma > 0 && double.IsFinite(options.Sigma)))
        {
            throw new PrecisionException(PrecisionFault.Data, $"sigma is {options.Sigma}; give a finite one above 0 (0.01 for receiver, 0.1 for weight noise in the paper)");
        }

        if (options.Lifetime.IsHeld && options.Law is not (ReferenceLawKind.Thermal or ReferenceLawKind.Weight))
        {
            throw new PrecisionException(PrecisionFault.Data, $"{options.Law} noise is new in every read and cannot be held {options.Lifetime}; give it the lifetime of a read");
        }

        if (ranges is not null && ranges.Count != network.AnalogNodes.Count)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit,
                $"{ranges.Count} input ranges were given, {network.Name} has {network.AnalogNodes.Count} analog products; give one for each");
        }

        IReadOnlyList<InputRange> spans = ranges
            ?? (options.Law is ReferenceLawKind.Thermal or ReferenceLawKind.Weight ? network.ObserveRanges(images.Span, count) : new InputRange[network.AnalogNodes.Count]);
        ProductSquares[]? squares = options.Law == ReferenceLawKind.ShotFixedGain ? ProductMoments.Of(network, images.Span, count) : null;
        return new ReferenceNoiseModel(
            options,
            [.. network.AnalogNodes.Select((node, layer) => OneRead(node, options, spans[layer], squares?[layer]))]);
    }

    /// <summary>
    /// The same noise with draws that no two examples share: each example's chance to be right is the same, and examples are independent, as search and certification take
    /// them to be. How a whole batch varies with its draw is not in it.
    /// </summary>
    public ReferenceNoiseModel WithDrawsOfTheirOwn() =>
        Options.Lifetime.ImagesPerDraw > 1 ? new ReferenceNoiseModel(Options with { Lifetime = NoiseLifetime.PerInference }, _oneRead) : this;

    /// <inheritdoc/>
    public NodeNoise[] At(IReadOnlyList<double[]> energy)
    {
        CheckCount(energy.Count);
        return
        [
            .. _oneRead.Select((law, layer) =>
            {
                ElementVariance variance = Divide(law, energy[layer]);
                return Options.Lifetime.IsHeld
                    ? new NodeNoise(JoinedBlocks.Silent(variance)) { Held = new HeldNoise(variance) { ImagesPerDraw = Options.Lifetime.ImagesPerDraw } }
                    : new NodeNoise(variance);
            }),
        ];
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

    private static ElementVariance OneRead(AnalogNode node, ReferenceNoiseOptions options, InputRange range, ProductSquares? squares)
    {
        double span = (double)range.High - range.Low;
        double operandSpan = (double)range.OperandHigh - range.OperandLow;
        double strength = options.Law is ReferenceLawKind.Shot or ReferenceLawKind.ShotFixedGain ? 1 : options.Sigma;
        ElementVariance variance = ReferenceNodeNoise.Of(node, new ReferenceLaw(options.Law, strength, 1), span, operandSpan, options.Profile, squares);
        return options.Law == ReferenceLawKind.Shot && options.PaddingLeftOut ? variance with { TapShares = SharesOfTaps(node) } : variance;
    }

    // [channels x taps] share of A = sum w^2 that lies at a tap; a window of one tap meets no padding.
    private static float[]? SharesOfTaps(AnalogNode node)
    {
        if (node.Taps == 1 || node.Operands == ProductOperands.TwoActivations)
        {
            return null;
        }

        int inputs = node.DotLength / node.Taps;
        float[] shares = new float[node.Channels * node.Taps];
        for (int channel = 0; channel < node.Channels; channel++)
        {
            ReadOnlySpan<float> filter = node.Weights.Span.Slice(channel * node.DotLength, node.DotLength);
            double all = FilterSquares(filter);
            for (int tap = 0; tap < node.Taps && all > 0; tap++)
            {
                shares[channel * node.Taps + tap] = (float)(FilterSquares(filter.Slice(tap * inputs, inputs)) / all);
            }
        }

        return shares;
    }

    private static double FilterSquares(ReadOnlySpan<float> weights)
    {
        double squares = 0;
        foreach (float weight in weights)
        {
            squares += (double)weight * weight;
        }

        return squares;
    }

    internal static ElementVariance Divide(ElementVariance law, double[] energy)
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
            TapShares = law.TapShares,
            SharedGain = law.SharedGain is null ? null : new float[channels],
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

            if (result.SharedGain is not null)
            {
                result.SharedGain[i] = (float)(law.SharedGain![i] / e);
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
