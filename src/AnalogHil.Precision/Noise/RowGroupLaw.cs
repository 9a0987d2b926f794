using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Engine.Evaluation;

namespace AnalogHil.Precision.Noise;

/// <summary>Noise of the partial product of one row group, its rows counted from 0, as a function of the group's energy.</summary>
/// <param name="Variance">At an energy.</param>
/// <param name="Slope">-dVariance / d ln E there.</param>
internal sealed record RowGroupLaw(Func<double, ElementVariance> Variance, Func<double, ElementVariance> Slope)
{
    /// <summary>E times the slope: the variance that one read of the averaging part would have.</summary>
    public ElementVariance AveragingPartOfOneRead(double energy) => Scaled(Slope(energy), energy);

    /// <summary>The row blocks of a layer on a device, each a small layer with the full scales of the whole one.</summary>
    public static RowGroupLaw[] Of(NoiseProfile profile, LayerScale scale) =>
    [
        .. Enumerable.Range(0, scale.RowBlocks).Select(block =>
        {
            LayerScale part = Rows(scale, scale.RowStarts[block], scale.RowStarts[block + 1]);
            return new RowGroupLaw(
                energy => LayerNoise.Variance(profile, part, [energy]),
                energy => LayerNoise.EnergySlope(profile, part, [energy]));
        }),
    ];

    /// <summary>Row groups of a product under laws of the literature.</summary>
    public static RowGroupLaw[] Of(AnalogNode node, ReferenceLaws laws, double inputSpan, int[] starts) =>
    [
        .. Enumerable.Range(0, starts.Length - 1).Select(group =>
        {
            ElementVariance oneRead = OneRead(node, laws, inputSpan, starts[group], starts[group + 1]);
            ElementVariance At(double energy) => Scaled(oneRead, 1 / energy);
            return new RowGroupLaw(At, At);
        }),
    ];

    private static LayerScale Rows(LayerScale scale, int first, int end)
    {
        int length = end - first;
        float[] weights = scale.IsActivationProduct ? [] : new float[scale.Channels * length];
        for (int channel = 0; channel < scale.Channels && weights.Length > 0; channel++)
        {
            scale.Weights.Span.Slice(channel * scale.DotLength + first, length).CopyTo(weights.AsSpan(channel * length));
        }

        return new LayerScale(length, [0, length], scale.Passes, scale.InputFullScale, scale.WeightFullScale, weights);
    }

    private static ElementVariance OneRead(AnalogNode node, ReferenceLaws laws, double inputSpan, int first, int end)
    {
        int length = end - first;
        var sum = new ElementVariance([0, length], new float[node.Channels], new float[node.Channels], new float[node.Channels]);
        foreach (ReferenceLaw law in laws.Laws)
        {
            ElementVariance whole = ReferenceNodeNoise.Of(node, law, inputSpan);
            for (int channel = 0; channel < node.Channels; channel++)
            {
                ReadOnlySpan<float> row = node.Weights.Span.Slice(channel * node.DotLength, node.DotLength);

                // A receiver reads each group once; what follows single weights follows the group's own.
                sum.Constant[channel] += whole.Constant[channel] * length / node.DotLength;
                double all = Squares(row) / node.DotLength;
                double own = law.Kind == ReferenceLawKind.Shot && all > 0 ? Squares(row[first..end]) / length / all : 1;
                sum.SquareSlope[channel] += (float)(whole.SquareSlope[channel] * own);
            }
        }

        return sum;
    }

    private static ElementVariance Scaled(ElementVariance law, double factor) => law with
    {
        Constant = Scaled(law.Constant, factor),
        SquareSlope = Scaled(law.SquareSlope, factor),
        AbsoluteSlope = Scaled(law.AbsoluteSlope, factor),
        OperandSlope = law.OperandSlope is null ? null : Scaled(law.OperandSlope, factor),
        ProductSlope = law.ProductSlope is null ? null : Scaled(law.ProductSlope, factor),
    };

    private static float[] Scaled(float[] values, double factor) => Array.ConvertAll(values, value => (float)(value * factor));

    private static double Squares(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return sum;
    }
}
