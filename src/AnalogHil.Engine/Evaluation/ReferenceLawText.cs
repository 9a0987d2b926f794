using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AnalogHil.Engine.Evaluation;

/// <summary>Reads one written law, <c>KIND:STRENGTH[@E][/LIFETIME]</c>.</summary>
internal static class ReferenceLawText
{
    /// <summary>Reads it, or says what is wrong and what is possible.</summary>
    public static bool TryParse(string part, [NotNullWhen(true)] out ReferenceLaw? law, [NotNullWhen(false)] out string? problem)
    {
        law = null;
        problem = null;
        string[] ends = part.Split('/');
        string[] halves = ends[0].Split(':');
        string[] numbers = halves.Length == 2 ? halves[1].Split('@') : [];
        ReferenceLawKind? kind = halves[0] switch
        {
            "thermal" => ReferenceLawKind.Thermal,
            "weight" => ReferenceLawKind.Weight,
            "shot" => ReferenceLawKind.Shot,
            "shot-fixed" => ReferenceLawKind.ShotFixedGain,
            "rin" => ReferenceLawKind.Intensity,
            _ => null,
        };
        if (kind is not { } known || numbers.Length is not (1 or 2) || ends.Length > 2)
        {
            problem = $"'{part}' is no noise law; write thermal:SIGMA, weight:SIGMA, shot:PHOTONS, shot-fixed:PHOTONS or rin:SIGMA, each with @E where E is not 1 "
                + "and /inference where a draw is held, joined with +, e.g. thermal:0.01@36+weight:0.1/inference";
            return false;
        }

        bool shot = known is ReferenceLawKind.Shot or ReferenceLawKind.ShotFixedGain;
        double energy = 1;
        if (!TryNumber(numbers[0], out double strength) || (shot && strength == 0))
        {
            string range = shot
                ? "photons per MAC must be a number above 0, 35 is usual"
                : "sigma must be a number, not negative; the paper's are thermal:0.01 and weight:0.1";
            problem = $"'{part}' has the strength '{numbers[0]}'; {range}";
            return false;
        }

        if (numbers.Length == 2 && (!TryNumber(numbers[1], out energy) || energy == 0))
        {
            problem = $"'{part}' has the energy '{numbers[1]}'; it must be a number above 0, the reads that are averaged for each MAC";
            return false;
        }

        NoiseLifetime? lifetime = NoiseLifetime.PerRead;
        if (ends.Length == 2 && !NoiseLifetime.TryParse(ends[1], out lifetime))
        {
            problem = $"'{part}' has the lifetime '{ends[1]}'; write /read, /inference, /batch for a draw in {NoiseLifetime.PaperBatch} images or /batch64 "
                + "for one in 64";
            return false;
        }

        if (shot && lifetime.Value.IsHeld)
        {
            problem = $"'{part}' holds shot noise; the photons of a read are gone with it, so the next read has new ones: leave /{ends[1]} out";
            return false;
        }

        if (known == ReferenceLawKind.Intensity && lifetime.Value.IsHeld)
        {
            problem = $"'{part}' holds intensity noise, which is that of a read; leave /{ends[1]} out";
            return false;
        }

        law = new ReferenceLaw(known, strength, energy) { Lifetime = lifetime.Value };
        return true;
    }

    private static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
        && double.IsFinite(value) && value >= 0;
}
