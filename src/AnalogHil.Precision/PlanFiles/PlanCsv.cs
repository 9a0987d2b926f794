using System.Globalization;
using System.Text;

namespace AnalogHil.Precision.PlanFiles;

/// <summary>A plan as a table for spreadsheets: one line for each layer, each channel, or each row group; numbers with a point, names quoted where they need it.</summary>
public static class PlanCsv
{
    /// <summary>The table with its heading.</summary>
    public static string Write(PlanFile plan)
    {
        var text = new StringBuilder("layer,operator,part,dot_length,macs,positions,channels,passes,mode,energy,repeats,energy_share_of_layer,noise_bits_of_layer\n");
        foreach (PlanLayer layer in plan.Layers)
        {
            for (int c = 0; c < layer.Energy.Length; c++)
            {
                string part = layer.Energy.Length == 1 ? "all"
                    : layer.RowStarts is { } starts ? $"rows {starts[c].ToString(CultureInfo.InvariantCulture)}-{(starts[c + 1] - 1).ToString(CultureInfo.InvariantCulture)}"
                    : c.ToString(CultureInfo.InvariantCulture);
                string repeats = layer.Repeats is { } whole ? whole[c].ToString(CultureInfo.InvariantCulture) : "";
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{Quoted(layer.Name)},{Quoted(layer.Operator)},{part},{layer.DotLength},{layer.Macs},{layer.Positions},{layer.Channels},{layer.Passes},{layer.Mode},{layer.Energy[c]:R},{repeats},{layer.EnergyShare:R},{layer.NoiseBits:R}\n");
            }
        }

        return text.ToString();
    }

    private static string Quoted(string value) =>
        value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
