using System.Collections.Immutable;
using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Precision.PlanFiles;

/// <summary>What a plan must agree with in itself; every disagreement is told at once.</summary>
internal static class PlanFileCheck
{
    private static readonly string[] Modes = [.. ModeNames.Names];
    private static readonly string[] Verdicts = ["ACCEPT", "REJECT", "INCONCLUSIVE"];

    /// <exception cref="PlanFileException">Something does not hold.</exception>
    public static void Require(PlanFile plan, string source)
    {
        var wrong = new List<string>();
        if (plan.Sha256 is { } hash)
        {
            Hash(wrong, "$.sha256", hash);
        }

        Hash(wrong, "$.model.sha256", plan.Model.Sha256);
        if (plan.Model.Macs < 1)
        {
            wrong.Add($"$.model.macs is {plan.Model.Macs}, must be at least 1");
        }

        OneOf(wrong, "$.granularity", plan.Granularity, ["layer", "channel", "rows"]);
        OneOf(wrong, "$.noise.kind", plan.Noise.Kind, [PlanNoise.OfLaw, PlanNoise.OfDevice]);
        if (plan.Noise.Profile is { } profile)
        {
            OneOf(wrong, "$.noise.profile", profile, [Noise.LawNoise.PaperCode]);
        }

        if (plan.Noise.Sigmas is { } sigmas)
        {
            OneOf(wrong, "$.noise.sigmas", sigmas, [PlanNoise.UpperLimits]);
        }

        PlanNoiseCheck.Tell(wrong, plan.Noise);
        PlanFigureCheck.Tell(wrong, plan);
        if (plan.Grids is { } grids)
        {
            OneOf(wrong, "$.grids.rule", grids.Rule, [.. RangeRules.Names]);
            foreach ((string name, int bits) in new[] { ("input_bits", grids.InputBits), ("weight_bits", grids.WeightBits) })
            {
                if (bits != PlanGrids.Bits)
                {
                    wrong.Add($"$.grids.{name} is {bits}, must be {PlanGrids.Bits}");
                }
            }
        }

        foreach ((string name, int images) in new[]
        {
            ("learning_images", plan.Data.LearningImages), ("search_images", plan.Data.SearchImages), ("certification_images", plan.Data.CertificationImages),
        })
        {
            if (images < 0)
            {
                wrong.Add($"$.data.{name} is {images}, must be at least 0");
            }
        }

        if (plan.Method.LargestEnergy is { } largest)
        {
            Positive(wrong, "$.method.largest_energy", largest);
        }

        Positive(wrong, "$.energy.per_mac", plan.Energy.PerMac);
        Positive(wrong, "$.energy.uniform_per_mac", plan.Energy.UniformPerMac);
        if (plan.Prediction.Target is not (> 0 and < 1))
        {
            wrong.Add(Text($"$.prediction.target is {plan.Prediction.Target}, must lie between 0 and 1 (0.02 is two points)"));
        }

        if (plan.Certificate is { } certificate)
        {
            OneOf(wrong, "$.certificate.verdict", certificate.Verdict, Verdicts);
            if (certificate.Level is not (> 0.5 and < 1))
            {
                wrong.Add(Text($"$.certificate.level is {certificate.Level}, must lie between 0.5 and 1 (0.95 is usual)"));
            }

            if (certificate.Verdict == "ACCEPT" && !(certificate.DropHigh < certificate.Target))
            {
                wrong.Add(Text($"$.certificate.verdict is ACCEPT although drop_high {certificate.DropHigh} is not below the target {certificate.Target}"));
            }
        }

        Entries(wrong, "$.noise.terms", plan.Noise.Terms);
        Entries(wrong, "$.points", plan.Points);
        Entries(wrong, "$.advice", plan.Advice);
        Entries(wrong, "$.assumptions", plan.Assumptions);
        if (plan.Layers.IsDefaultOrEmpty)
        {
            wrong.Add("$.layers is empty, must have one entry for each analog product");
        }
        else if (Entries(wrong, "$.layers", plan.Layers))
        {
            Layers(wrong, plan);
        }

        if (wrong.Count > 0)
        {
            throw new PlanFileException($"{source}: {string.Join("; ", wrong)}; see docs/plan-file.md, or write the plan anew with hil plan learn");
        }
    }

    /// <summary>Whether something stands in every place: a reader takes null for an entry of an array.</summary>
    private static bool Entries<T>(List<string> wrong, string at, ImmutableArray<T> entries)
        where T : class
    {
        int before = wrong.Count;
        for (int i = 0; !entries.IsDefault && i < entries.Length; i++)
        {
            if (entries[i] is null)
            {
                wrong.Add($"{at}[{i}] is null, must be an entry");
            }
        }

        return wrong.Count == before;
    }

    private static void Layers(List<string> wrong, PlanFile plan)
    {
        int before = wrong.Count;
        for (int i = 0; i < plan.Layers.Length; i++)
        {
            string at = $"$.layers[{i}]";
            PlanLayer layer = plan.Layers[i];
            foreach ((string name, long size) in new (string, long)[] { ("dot_length", layer.DotLength), ("positions", layer.Positions), ("channels", layer.Channels) })
            {
                if (size < 1)
                {
                    wrong.Add($"{at}.{name} is {size}, must be at least 1");
                }
            }

            if (layer.Declared is { ConverterJoules: { } converters } declared && !(converters >= 0 && converters <= declared.Joules))
            {
                wrong.Add(Text($"{at}.declared.converter_joules is {converters}, must lie between 0 and the joules, {declared.Joules}"));
            }

            if (layer.Macs != (long)layer.DotLength * layer.Positions * layer.Channels || layer.Macs < 1)
            {
                wrong.Add($"{at}.macs is {layer.Macs}, must be dot_length x positions x channels = {(long)layer.DotLength * layer.Positions * layer.Channels}, at least 1");
            }

            if (layer.Passes is not (1 or 2))
            {
                wrong.Add($"{at}.passes is {layer.Passes}, must be 1 or 2");
            }

            OneOf(wrong, at + ".mode", layer.Mode, Modes);
            Rows(wrong, at, plan.Granularity, layer);
            int expected = plan.Granularity switch { "channel" => layer.Channels, "rows" => (layer.RowStarts?.Length ?? 2) - 1, _ => 1 };
            if (layer.Energy.IsDefault || layer.Energy.Length != expected)
            {
                wrong.Add($"{at}.energy has {(layer.Energy.IsDefault ? 0 : layer.Energy.Length)} values, must have {expected} (granularity {plan.Granularity})");
                continue;
            }

            for (int c = 0; c < layer.Energy.Length; c++)
            {
                Positive(wrong, $"{at}.energy[{c}]", layer.Energy[c]);
            }

            if (layer.Digital is { } digital)
            {
                Digital(wrong, at + ".digital", layer, digital);
            }

            if (layer.Repeats is { } repeats)
            {
                Repeats(wrong, at, layer, repeats);
            }
        }

        double spent = plan.Layers.Sum(layer => layer.Energy.IsDefaultOrEmpty ? double.NaN : layer.MeanEnergy() * layer.Macs * layer.Passes);
        double mean = spent / plan.Layers.Sum(layer => (double)layer.Macs * layer.Passes);
        if (wrong.Count == before && !(Math.Abs(mean / plan.Energy.PerMac - 1) < 1e-6))
        {
            wrong.Add(Text($"$.energy.per_mac is {plan.Energy.PerMac}, the layers' energies give {mean}"));
        }
    }

    private static void Rows(List<string> wrong, string at, string granularity, PlanLayer layer)
    {
        if (granularity != "rows")
        {
            if (layer.RowStarts is not null)
            {
                wrong.Add($"{at}.row_starts is given, must be null (granularity {granularity})");
            }

            return;
        }

        ImmutableArray<int> starts = layer.RowStarts ?? [];
        bool ascend = starts.Length > 1 && starts[0] == 0 && starts[^1] == layer.DotLength;
        for (int k = 1; ascend && k < starts.Length; k++)
        {
            ascend = starts[k] > starts[k - 1];
        }

        if (!ascend)
        {
            wrong.Add($"{at}.row_starts is [{string.Join(", ", starts)}], must ascend from 0 to dot_length, {layer.DotLength}");
        }
    }

    private static void Digital(List<string> wrong, string at, PlanLayer layer, PlanDigital digital)
    {
        Many(wrong, at + ".gain", digital.Gain, layer.Channels);
        Many(wrong, at + ".offset", digital.Offset, layer.Channels);
        if (!digital.Gain.IsDefault && digital.Gain.Any(gain => !(gain > 0 && double.IsFinite(gain))))
        {
            wrong.Add($"{at}.gain must be finite numbers above 0");
        }

        if (digital.FullScale is not { } scale)
        {
            return;
        }

        Many(wrong, at + ".full_scale.weight_low", scale.WeightLow, layer.Channels);
        Many(wrong, at + ".full_scale.weight_high", scale.WeightHigh, layer.Channels);
        if (!(scale.InputLow <= scale.InputHigh))
        {
            wrong.Add(Text($"{at}.full_scale.input_low is {scale.InputLow}, must not be above input_high, {scale.InputHigh}"));
        }

        Bits(wrong, at + ".full_scale.input_bits", scale.InputBits);
        Bits(wrong, at + ".full_scale.weight_bits", scale.WeightBits);
        int both = scale.WeightLow.IsDefault || scale.WeightHigh.IsDefault ? 0 : Math.Min(scale.WeightLow.Length, scale.WeightHigh.Length);
        for (int c = 0; c < both; c++)
        {
            if (!(scale.WeightLow[c] <= scale.WeightHigh[c]))
            {
                wrong.Add(Text($"{at}.full_scale.weight_low[{c}] is {scale.WeightLow[c]}, must not be above weight_high[{c}], {scale.WeightHigh[c]}"));
            }
        }
    }

    private static void Bits(List<string> wrong, string at, int value)
    {
        if (value is < 2 or > 16)
        {
            wrong.Add($"{at} is {value}, must be 2 to 16");
        }
    }

    private static void Many(List<string> wrong, string at, ImmutableArray<double> values, int expected)
    {
        if (values.IsDefault || values.Length != expected)
        {
            wrong.Add($"{at} has {(values.IsDefault ? 0 : values.Length)} values, must have {expected}, one for each output channel");
        }
    }

    private static void Repeats(List<string> wrong, string at, PlanLayer layer, ImmutableArray<int> repeats)
    {
        if (repeats.IsDefault || repeats.Length != layer.Energy.Length)
        {
            wrong.Add($"{at}.repeats has {(repeats.IsDefault ? 0 : repeats.Length)} values, must have as many as energy, {layer.Energy.Length}, or be null");
            return;
        }

        for (int c = 0; c < repeats.Length; c++)
        {
            if (repeats[c] < 1 || repeats[c] != layer.Energy[c])
            {
                wrong.Add(Text($"{at}.repeats[{c}] is {repeats[c]}, must be at least 1 (everything is read once) and equal to energy[{c}], {layer.Energy[c]}"));
            }
        }
    }

    /// <summary>Refuses what is no SHA-256 in lower-case hexadecimal.</summary>
    internal static void Hash(List<string> wrong, string at, string value)
    {
        if (value.Length != 64 || !value.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f'))
        {
            wrong.Add($"{at} is '{value}', must be 64 lower-case hexadecimal digits");
        }
    }

    private static void OneOf(List<string> wrong, string at, string value, string[] allowed)
    {
        if (!allowed.Contains(value))
        {
            wrong.Add($"{at} is '{value}', must be one of {string.Join(", ", allowed)}");
        }
    }

    private static void Positive(List<string> wrong, string at, double value)
    {
        if (!(value > 0 && double.IsFinite(value)))
        {
            wrong.Add(Text($"{at} is {value}, must be a finite number above 0"));
        }
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
