using System.Diagnostics.CodeAnalysis;
using AnalogHil.Core.Noise;

namespace AnalogHil.Engine.Evaluation;

/// <summary>A sum of independent <see cref="ReferenceLaw"/>s, with a written form: <c>thermal:0.01@36+weight:0.1</c>.</summary>
public sealed class ReferenceLaws
{
    private readonly IReadOnlyList<ReferenceLaw> _laws;
    private readonly string _text;

    private ReferenceLaws(string text, IReadOnlyList<ReferenceLaw> laws) => (_text, _laws) = (text, laws);

    /// <summary>Whether <see cref="NoiseOf"/> needs the span of a node's input.</summary>
    public bool UsesInputSpan => _laws.Any(law => law.Kind == ReferenceLawKind.Thermal);

    /// <summary>Whether <see cref="NoiseOf"/> needs mean squares of a node's operands.</summary>
    public bool UsesSquares => _laws.Any(law => law.Kind == ReferenceLawKind.ShotFixedGain);

    /// <summary>Whether all noise is shot noise.</summary>
    public bool IsShotNoise => _laws.All(law => law.Kind is ReferenceLawKind.Shot or ReferenceLawKind.ShotFixedGain);

    /// <summary>Whether E counts photons: a read has one of them for each multiply-accumulate.</summary>
    public bool CountsPhotons => IsShotNoise && _laws is [{ Strength: 1 }];

    /// <summary>The laws.</summary>
    public IReadOnlyList<ReferenceLaw> Laws => _laws;

    /// <summary>Reads the written form: <c>KIND:STRENGTH[@E][/LIFETIME]</c>, several joined with +, each kind once.</summary>
    /// <param name="text">thermal:SIGMA, weight:SIGMA, shot:PHOTONS, shot-fixed:PHOTONS or rin:SIGMA, each with @E or without for E = 1, and with /inference or /batch where a draw is
    /// held.</param>
    /// <param name="laws">The laws.</param>
    /// <param name="problem">What is wrong, with what is possible; follows the text.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ReferenceLaws? laws, [NotNullWhen(false)] out string? problem)
    {
        laws = null;
        problem = null;
        var read = new List<ReferenceLaw>();
        foreach (string part in SplitSum(text))
        {
            if (!ReferenceLawText.TryParse(part, out ReferenceLaw? law, out problem))
            {
                return false;
            }

            if (read.Any(other => other.Kind == law.Kind))
            {
                problem = $"'{part.Split(':')[0]}' is there twice; give each law once (standard deviations add as squares)";
                return false;
            }

            if (law.Lifetime.IsHeld && read.Any(other => other.Lifetime.IsHeld && other.Lifetime != law.Lifetime))
            {
                problem = $"'{part}' is held {law.Lifetime}, another law is held longer or shorter; give all held laws one lifetime";
                return false;
            }

            read.Add(law);
        }

        if (read.Any(law => law.Kind == ReferenceLawKind.Intensity) && read.FirstOrDefault(law => law.Lifetime.IsHeld) is { } kept)
        {
            problem = $"'{text}' has intensity noise beside noise that is held {kept.Lifetime}; judge them one after the other";
            return false;
        }

        laws = new ReferenceLaws(text, read);
        return true;
    }

    /// <summary>The noise of one analog node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputSpan">dx, largest minus smallest value of its input; without meaning where <see cref="UsesInputSpan"/> is false.</param>
    /// <param name="squares">Mean squares of its operands; without meaning where <see cref="UsesSquares"/> is false.</param>
    public NodeNoise NoiseOf(AnalogNode node, double inputSpan, ProductSquares? squares = null)
    {
        if (node.Operands != ProductOperands.Weights)
        {
            throw new ArgumentException(
                $"node '{node.Name}' multiplies two activations, these laws are of weights; take the network with digital activation products, or "
                    + $"{nameof(ReferenceActivationNoise)}", nameof(node));
        }

        ElementVariance fresh = Sum(node, inputSpan, 0, squares, _laws.Where(law => !law.Lifetime.IsHeld));
        ReferenceLaw[] held = [.. _laws.Where(law => law.Lifetime.IsHeld)];
        return new NodeNoise(fresh)
        {
            Held = held.Length == 0 ? null : new HeldNoise(Sum(node, inputSpan, 0, squares, held)) { ImagesPerDraw = held[0].Lifetime.ImagesPerDraw },
        };
    }

    /// <summary>How long draws hold, in words; law by law where they differ.</summary>
    public string DescribeLifetime() => _laws.Select(law => law.Lifetime).Distinct().Count() == 1
        ? _laws[0].Lifetime.ToString()
        : string.Join(", ", _laws.Select(law => $"{law.Kind.ToString().ToLowerInvariant()} {law.Lifetime}"));

    /// <summary>Variance of every output element of a node, of weights or of two activations, whatever the lifetimes.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputSpan">dx; without meaning where <see cref="UsesInputSpan"/> is false.</param>
    /// <param name="operandSpan">dW of a product of two activations; without meaning for weights.</param>
    /// <param name="squares">Mean squares of its operands; without meaning where <see cref="UsesSquares"/> is false.</param>
    public ElementVariance OneReadOf(AnalogNode node, double inputSpan, double operandSpan, ProductSquares? squares = null) =>
        Sum(node, inputSpan, operandSpan, squares, _laws);

    /// <summary>The written form.</summary>
    public override string ToString() => _text;

    // A plus after the e of a number (1e+3) joins nothing.
    private static IEnumerable<string> SplitSum(string text)
    {
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '+' && !(i >= 2 && text[i - 1] is 'e' or 'E' && char.IsAsciiDigit(text[i - 2])))
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }

    private static ElementVariance Sum(
        AnalogNode node, double inputSpan, double operandSpan, ProductSquares? squares, IEnumerable<ReferenceLaw> laws)
    {
        var sum = new ElementVariance([0, node.DotLength], new float[node.Channels], new float[node.Channels], new float[node.Channels]);
        foreach (ReferenceLaw law in laws)
        {
            ElementVariance part = ReferenceNodeNoise.Of(node, law, inputSpan, operandSpan, squares: squares);
            sum = sum with
            {
                Constant = Add(sum.Constant, part.Constant)!,
                SquareSlope = Add(sum.SquareSlope, part.SquareSlope)!,
                OperandSlope = Add(sum.OperandSlope, part.OperandSlope),
                ProductSlope = Add(sum.ProductSlope, part.ProductSlope),
                SharedGain = Add(sum.SharedGain, part.SharedGain),
            };
        }

        return sum;
    }

    private static float[]? Add(float[]? left, float[]? right) =>
        left is null ? right : right is null ? left : [.. left.Zip(right, (a, b) => a + b)];
}
