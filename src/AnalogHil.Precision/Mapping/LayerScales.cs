using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Mapping;

/// <summary>Chooses what full scale stands for in a layer's own units.</summary>
internal static class LayerScales
{
    public static LayerScale Of(AnalogNode node, InputRange range, DeviceCapabilities capabilities, MappedLayer mapped)
    {
        float magnitude = range.Magnitude > 0 ? range.Magnitude : 1;
        if (node.Operands == ProductOperands.TwoActivations)
        {
            float operand = range.OperandMagnitude > 0 ? range.OperandMagnitude : 1;
            return LayerScale.OfActivations(node.DotLength, [.. mapped.RowStarts], magnitude, operand, node.Channels);
        }

        float[] weightFullScale = new float[node.Channels];
        ReadOnlySpan<float> weights = node.Weights.Span;
        for (int channel = 0; channel < node.Channels; channel++)
        {
            float largest = 0;
            foreach (float weight in weights.Slice(channel * node.DotLength, node.DotLength))
            {
                largest = Math.Max(largest, Math.Abs(weight));
            }

            // A channel of zeros gets full scale 0: it reads as exactly 0 and has no noise.
            weightFullScale[channel] = largest;
        }

        int passes = range.Low < 0 && !capabilities.SignedInputs ? 2 : 1;
        return new LayerScale(node.DotLength, [.. mapped.RowStarts], passes, magnitude, weightFullScale, node.Weights);
    }
}
