using AnalogHil.Core.Noise;

namespace AnalogHil.Engine.Evaluation;

/// <summary>The noise laws of the literature on one analog node: the one place where a law meets the weights, groups and operands of a product.</summary>
public static class ReferenceNodeNoise
{
    /// <summary>Variance of every output element of a node under one law.</summary>
    /// <param name="node">The node; of weights, or a product of two activations.</param>
    /// <param name="law">Law, strength and energy.</param>
    /// <param name="inputSpan">dx, largest minus smallest value of its input; only thermal noise needs it.</param>
    /// <param name="operandSpan">dW of a product of two activations, whose second operand is new for every example; without meaning for weights.</param>
    /// <param name="profile">Whether N counts the groups as the equations do or not as the released code.</param>
    /// <param name="squares">Mean squares of its operands; only shot noise with fixed gains needs them.</param>
    /// <exception cref="ArgumentException">Mean squares are needed and not given, or intensity noise is asked for on a product of two activations.</exception>
    public static ElementVariance Of(
        AnalogNode node, ReferenceLaw law, double inputSpan, double operandSpan = 0, ReferenceProfile profile = ReferenceProfile.Corrected,
        ProductSquares? squares = null)
    {
        bool activations = node.Operands == ProductOperands.TwoActivations;
        int length = node.DotLength * (profile == ReferenceProfile.PaperCode && !activations ? node.Groups : 1);
        ElementVariance variance = law.Kind == ReferenceLawKind.ShotFixedGain
            ? FixedGain(node, law, length, squares ?? throw new ArgumentException(
                $"shot noise with fixed gains rests on the mean squares of the operands of node '{node.Name}'; give those of calibration images", nameof(squares)))
            : activations ? OneReadOfActivations(node, law, inputSpan, operandSpan) : OneRead(node, law, inputSpan, length);
        return law.Energy == 1 ? variance : Divide(variance, law.Energy);
    }

    private static ElementVariance OneRead(AnalogNode node, ReferenceLaw law, double inputSpan, int length)
    {
        var variance = new ElementVariance([0, node.DotLength], new float[node.Channels], new float[node.Channels], new float[node.Channels]);
        if (law.Kind == ReferenceLawKind.Intensity)
        {
            float[] gains = new float[node.Channels];
            Array.Fill(gains, (float)ReferenceNoise.RelativeIntensity(1, law.Strength, 1));
            return variance with { SharedGain = gains };
        }

        for (int i = 0; i < node.Channels; i++)
        {
            (double span, double squares) = Measure(node.Weights.Span.Slice(i * node.DotLength, node.DotLength));

            // The laws are linear in X: their slope is their value at X = 1.
            switch (law.Kind)
            {
                case ReferenceLawKind.Thermal:
                    variance.Constant[i] = (float)ReferenceNoise.Thermal(length, span, inputSpan, law.Strength, 1);
                    break;
                case ReferenceLawKind.Weight:
                    variance.SquareSlope[i] = (float)ReferenceNoise.Weight(span, law.Strength, 1, 1);
                    break;
                case ReferenceLawKind.Shot:
                    variance.SquareSlope[i] = (float)ReferenceNoise.ShotBalanced(length, squares, 1, law.Strength);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(law), law.Kind, "no such reference law");
            }
        }

        return variance;
    }

    // Gains a, b that balance both beams for the mean patch and the mean filter: a^2 mean(X) = b^2 mean(A) = N photons / 2.
    private static ElementVariance FixedGain(AnalogNode node, ReferenceLaw law, int length, ProductSquares squares)
    {
        double photons = 2.0 * length * law.Strength;
        var variance = new ElementVariance([0, node.DotLength], new float[node.Channels], new float[node.Channels], new float[node.Channels]);
        Array.Fill(variance.SquareSlope, (float)(squares.Operand / photons));
        if (node.Operands == ProductOperands.TwoActivations)
        {
            return variance with { OperandSlope = [.. Enumerable.Repeat((float)(squares.Input / photons), node.Channels)] };
        }

        for (int i = 0; i < node.Channels; i++)
        {
            variance.Constant[i] = (float)(Measure(node.Weights.Span.Slice(i * node.DotLength, node.DotLength)).Squares * squares.Input / photons);
        }

        return variance;
    }

    private static ElementVariance OneReadOfActivations(AnalogNode node, ReferenceLaw law, double inputSpan, double operandSpan) => law.Kind switch
    {
        ReferenceLawKind.Thermal => ReferenceActivationNoise.Thermal(node.DotLength, node.Channels, operandSpan, inputSpan, law.Strength),
        ReferenceLawKind.Weight => ReferenceActivationNoise.Weight(node.DotLength, node.Channels, operandSpan, law.Strength),
        ReferenceLawKind.Shot => Divide(ReferenceActivationNoise.ShotBalanced(node.DotLength, node.Channels), law.Strength),
        ReferenceLawKind.Intensity => throw new ArgumentException(
            $"node '{node.Name}' multiplies two activations, and intensity noise is modelled for products with weights; take the network with digital activation products",
            nameof(law)),
        _ => throw new ArgumentOutOfRangeException(nameof(law), law.Kind, "no such reference law"),
    };

    private static ElementVariance Divide(ElementVariance variance, double by) => variance with
    {
        Constant = Divide(variance.Constant, by),
        SquareSlope = Divide(variance.SquareSlope, by),
        OperandSlope = variance.OperandSlope is { } operand ? Divide(operand, by) : null,
        ProductSlope = variance.ProductSlope is { } slope ? Divide(slope, by) : null,
        SharedGain = variance.SharedGain is { } gains ? Divide(gains, by) : null,
    };

    private static float[] Divide(float[] values, double by) => [.. values.Select(value => (float)(value / by))];

    private static (double Span, double Squares) Measure(ReadOnlySpan<float> weights)
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

        return (high - low, squares);
    }
}
