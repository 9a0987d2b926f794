using AnalogHil.Engine.Evaluation;

namespace AnalogHil.Precision.PlanFiles;

/// <summary>What the noise of a plan must agree with: a law has no device behind it, and measured noise has one.</summary>
internal static class PlanNoiseCheck
{
    /// <summary>Adds what does not hold.</summary>
    public static void Tell(List<string> wrong, PlanNoise noise)
    {
        (string Name, string? Value)[] measured = [("record", noise.Record), ("record_sha256", noise.RecordSha256), ("device", noise.Device)];
        switch (noise.Kind)
        {
            case PlanNoise.OfLaw:
                Written(wrong, noise.Law);
                wrong.AddRange(measured.Where(member => member.Value is not null)
                    .Select(member => $"$.noise.{member.Name} is '{member.Value}', must be null: a law was measured nowhere (noise.kind {PlanNoise.OfLaw})"));
                if (!noise.Terms.IsDefaultOrEmpty)
                {
                    wrong.Add($"$.noise.terms has {noise.Terms.Length} entries, must be empty: a law was measured nowhere (noise.kind {PlanNoise.OfLaw})");
                }

                break;
            case PlanNoise.OfDevice:
                if (noise.Law is { } law)
                {
                    wrong.Add($"$.noise.law is '{law}', must be null: the noise was measured (noise.kind {PlanNoise.OfDevice})");
                }

                wrong.AddRange(measured.Where(member => member.Value is null)
                    .Select(member => $"$.noise.{member.Name} is null, must say where the noise was measured (noise.kind {PlanNoise.OfDevice})"));
                if (noise.RecordSha256 is { } hash)
                {
                    PlanFileCheck.Hash(wrong, "$.noise.record_sha256", hash);
                }

                break;
        }

        for (int i = 0; !noise.Terms.IsDefault && i < noise.Terms.Length; i++)
        {
            if (noise.Terms[i] is { } term && !(term.Sigma >= term.Low && term.Sigma <= (term.High ?? double.PositiveInfinity)))
            {
                wrong.Add(FormattableString.Invariant(
                    $"$.noise.terms[{i}].sigma is {term.Sigma}, must lie between its limits, {term.Low} and {(object?)term.High ?? "infinity"}"));
            }
        }
    }

    private static void Written(List<string> wrong, string? law)
    {
        if (law is null)
        {
            wrong.Add($"$.noise.law is null, must be a law such as thermal:0.01 (noise.kind {PlanNoise.OfLaw})");
        }
        else if (!ReferenceLaws.TryParse(law, out _, out string? problem))
        {
            wrong.Add($"$.noise.law is '{law}', must be a law: {problem}");
        }
    }
}
