using System.Diagnostics.CodeAnalysis;
using System.Globalization;
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

    /// <summary>The laws.</summary>
    public IReadOnlyList<ReferenceLaw> Laws => _laws;

    /// <summary>Reads the written form: <c>KIND:STRENGTH[@E]</c>, several joined with +, each kind once.</summary>
    /// <param name="text">thermal:SIGMA, weight:SIGMA or shot:PHOTONS, each with @E or without for E = 1.</param>
    /// <param name="laws">The laws.</param>
    /// <param name="problem">What is wrong, with what is possible; follows the text.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ReferenceLaws? laws, [NotNullWhen(false)] out string? problem)
    {
        laws = null;
        problem = null;
        var read = new List<ReferenceLaw>();
        foreach (string part in SplitSum(text))
        {
            string[] halves = part.Split(':');
            string[] numbers = halves.Length == 2 ? halves[1].Split('@') : [];
            ReferenceLawKind? kind = halves[0] switch
            {
                "thermal" => ReferenceLawKind.Thermal,
                "weight" => ReferenceLawKind.Weight,
                "shot" => ReferenceLawKind.Shot,
                _ => null,
            };
            if (kind is not { } known || numbers.Length is not (1 or 2))
            {
                problem = $"'{part}' is no noise law; write thermal:SIGMA, weight:SIGMA or shot:PHOTONS, each with @E where E is not 1, joined with +, e.g. thermal:0.01@36";
                return false;
            }

            double energy = 1;
            if (!TryNumber(numbers[0], out double strength) || (known == ReferenceLawKind.Shot && strength == 0))
            {
                problem = $"'{part}' has the strength '{numbers[0]}'; {(known == ReferenceLawKind.Shot ? "photons per MAC must be a number above 0, 35 is usual" : "sigma must be a number, not negative; the paper's are thermal:0.01 and weight:0.1")}";
                return false;
            }

            if (numbers.Length == 2 && (!TryNumber(numbers[1], out energy) || energy == 0))
            {
                problem = $"'{part}' has the energy '{numbers[1]}'; it must be a number above 0, the reads that are averaged for each MAC";
                return false;
            }

            if (read.Any(law => law.Kind == known))
            {
                problem = $"'{halves[0]}' is there twice; give each law once (standard deviations add as squares)";
                return false;
            }

            read.Add(new ReferenceLaw(known, strength, energy));
        }

        laws = new ReferenceLaws(text, read);
        return true;
    }

    /// <summary>The noise of one analog node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputSpan">dx, largest minus smallest value of its input; without meaning where <see cref="UsesInputSpan"/> is false.</param>
    public NodeNoise NoiseOf(AnalogNode node, double inputSpan)
    {
        if (node.Operands != ProductOperands.Weights)
        {
            throw new ArgumentException($"node '{node.Name}' multiplies two activations, these laws are of weights; take the network with digital activation products, or {nameof(ReferenceActivationNoise)}", nameof(node));
        }

        return new NodeNoise(OneReadOf(node, inputSpan, 0));
    }

    /// <summary>Variance of every output element of a node, of weights or of two activations.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputSpan">dx; without meaning where <see cref="UsesInputSpan"/> is false.</param>
    /// <param name="operandSpan">dW of a product of two activations; without meaning for weights.</param>
    public ElementVariance OneReadOf(AnalogNode node, double inputSpan, double operandSpan)
    {
        ElementVariance sum = ReferenceNodeNoise.Of(node, _laws[0], inputSpan, operandSpan);
        foreach (ReferenceLaw law in _laws.Skip(1))
        {
            ElementVariance part = ReferenceNodeNoise.Of(node, law, inputSpan, operandSpan);
            sum = sum with
            {
                Constant = Add(sum.Constant, part.Constant)!,
                SquareSlope = Add(sum.SquareSlope, part.SquareSlope)!,
                ProductSlope = Add(sum.ProductSlope, part.ProductSlope),
            };
        }

        return sum;
    }

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

    private static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) && value >= 0;

    private static float[]? Add(float[]? left, float[]? right) =>
        left is null ? right : right is null ? left : [.. left.Zip(right, (a, b) => a + b)];
}
