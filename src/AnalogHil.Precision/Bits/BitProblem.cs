using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Bits;

/// <summary>Measures what <see cref="JointChoice"/> chooses by: losses from backward passes over the network, costs from what a device declares.</summary>
public static class BitProblem
{
    /// <summary>Losses and costs of every layer of a network on a device, redundancy in time.</summary>
    /// <param name="network">The network.</param>
    /// <param name="device">The network on the device: full scales, blocks, declared energies.</param>
    /// <param name="noise">Measured noise of the device. Its converter's rounding is left out: that goes by the bits chosen.</param>
    /// <param name="images">Images for the sensitivities; labels are not looked at.</param>
    /// <param name="options">Images, batch and seed.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="PrecisionException">A layer multiplies two activations.</exception>
    public static (LayerBitLosses Losses, LayerBitCosts Costs)[] Of(
        INetwork network, NetworkOnDevice device, NoiseModel noise, LabelledImages images, LearningOptions options, CancellationToken cancellationToken)
    {
        if (network.AnalogNodes.FirstOrDefault(node => node.Operands == ProductOperands.TwoActivations) is { } pair)
        {
            throw new PrecisionException(
                PrecisionFault.PlanDoesNotFit, $"layer {pair.Name} multiplies two activations, whose bits cannot be chosen; compute such products digitally");
        }

        NoiseTermEstimate[] terms = [.. noise.Profile.Terms.Where(term => term.Sigma.Value > 0)];
        double[] read = Losses(OneRead(terms.Where(IsWhite)));
        (double[] Losses, AveragingLaw Averaging)[] slow = [.. terms.Where(term => !IsWhite(term)).Select(term => (Losses(OneRead([term])), term.Averaging))];
        double[] input = Losses([.. device.Scales.Select(scale => InputRounding(scale, device.Capabilities.SignedInputs))]);
        double[] weight = Losses([.. device.Scales.Select(WeightRounding)]);
        double[] output = Losses([.. device.Scales.Select(scale => OutputRounding(scale, device.Capabilities.AdcFullScale))]);
        return
        [
            .. read.Select((loss, layer) => (
                new LayerBitLosses(loss, input[layer], weight[layer], output[layer]) { Slow = [.. slow.Select(part => (part.Losses[layer], part.Averaging))] },
                CostsOf(device, layer))),
        ];

        // A profile holds the rounding of the converters as it is; the losses have that of the bits chosen beside it.
        ElementVariance[] OneRead(IEnumerable<NoiseTermEstimate> some)
        {
            var part = new NoiseModel(noise.Scales, new NoiseProfile(
                noise.Profile.FullScale with { QuantiserStep = 0, InputStep = 0 }, [.. some.Select(term => term with { Averaging = AveragingLaw.White })]));
            return [.. part.At(part.Ones()).Select(node => node.Variance)];
        }

        double[] Losses(IReadOnlyList<ElementVariance> laws) =>
        [
            .. SensitivityEstimator.Estimate(
                network, laws, null, images.Pixels, Math.Min(options.SensitivityImages, images.Count), options, cancellationToken).Select(layer => layer.Sum()),
        ];
    }

    private static bool IsWhite(NoiseTermEstimate term) => term.Averaging.V0 == 0 && term.Averaging.Correlation.IsDefaultOrEmpty;

    /// <summary>Rounding to steps of the whole input range, as of 1 bit: q^2/12 sum w^2. Signed inputs span twice their full scale.</summary>
    internal static ElementVariance InputRounding(LayerScale scale, bool signed)
    {
        ElementVariance law = Silent(scale);
        for (int channel = 0; channel < scale.Channels; channel++)
        {
            double squares = 0;
            foreach (float weight in scale.Weights.Span.Slice(channel * scale.DotLength, scale.DotLength))
            {
                squares += (double)weight * weight;
            }

            law.Constant[channel] = (float)(QuantiserNoise.Variance((signed ? 2 : 1) * scale.InputFullScale) * squares);
        }

        return law;
    }

    /// <summary>Rounding of weights to steps of 2 max|w| of their channel: q^2/12 X.</summary>
    internal static ElementVariance WeightRounding(LayerScale scale)
    {
        ElementVariance law = Silent(scale);
        for (int channel = 0; channel < scale.Channels; channel++)
        {
            law.SquareSlope[channel] = (float)QuantiserNoise.Variance(2.0 * scale.WeightFullScale[channel]);
        }

        return law;
    }

    /// <summary>Rounding of each read of each row block to steps of the converter's whole range.</summary>
    internal static ElementVariance OutputRounding(LayerScale scale, double converterFullScale)
    {
        ElementVariance law = Silent(scale);
        double step = QuantiserNoise.Variance(2 * converterFullScale) * scale.RowBlocks * scale.Passes * scale.InputFullScale * scale.InputFullScale;
        for (int channel = 0; channel < scale.Channels; channel++)
        {
            law.Constant[channel] = (float)(step * scale.WeightFullScale[channel] * scale.WeightFullScale[channel]);
        }

        return law;
    }

    private static LayerBitCosts CostsOf(NetworkOnDevice device, int layer)
    {
        DeviceCapabilities can = device.Capabilities;
        double vectors = (double)device.Nodes[layer].Positions * device.Scales[layer].Passes;
        double calls = Math.Ceiling(vectors / can.MaxVectors);
        double macs = 0;
        double inputs = 0;
        double outputs = 0;
        double weights = 0;
        foreach (MappedBlock block in device.Map.Layers[layer].Blocks)
        {
            macs += vectors * block.Rows * block.Columns;
            inputs += vectors * block.Rows;
            outputs += vectors * block.Columns;

            // Weights that are an operand of every call are converted with it; others were written once.
            weights += can.RewritableWeights ? calls * block.Rows * block.Columns : 0;
        }

        return new LayerBitCosts(
            macs * can.EnergyPerMac, inputs, weights, outputs,
            new ConverterEnergy(can.EnergyPerDacConversion, can.DacBits), new ConverterEnergy(can.EnergyPerAdcConversion, can.AdcBits));
    }

    private static ElementVariance Silent(LayerScale scale) =>
        new([0, scale.DotLength], new float[scale.Channels], new float[scale.Channels], new float[scale.Channels]);
}
