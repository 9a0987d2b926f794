using System.Text.Json;
using AnalogHil.Cli.Models;
using AnalogHil.Precision.Comparison;
using AnalogHil.Precision.PlanFiles;

namespace AnalogHil.Cli.Plans;

/// <summary>A comparison as one JSON object on one line.</summary>
internal static class ComparisonJson
{
    // Of the intervals at equal drop; a plan file tells its own.
    private const double Level = 0.95;

    /// <summary>The line; a limit that is not bounded is null, and so is the number of images where none were passed.</summary>
    public static string Of(string[] paths, PlanFile[] plans, MeasuredPlans? measured) => JsonLine.Write(json =>
    {
        json.WriteString("model_sha256", plans[0].Model.Sha256);
        json.WriteString("noise", plans[0].Noise.Law ?? plans[0].Noise.Record);
        json.WriteNumber("drop", plans[0].Prediction.Target);
        json.WriteString("energy_unit", plans[0].Noise.EnergyUnit);
        json.WriteString("label", measured is null ? "as recorded" : FixedSetRatio.Label);
        json.WriteNumber("level", Level);
        json.WriteString("coverage", measured is null ? null : FixedSetEnergy.Coverage);
        Number(json, "images", measured?.Images);
        json.WriteStartArray("plans");
        for (int i = 0; i < plans.Length; i++)
        {
            PlanFile plan = plans[i];
            json.WriteStartObject();
            json.WriteString("file", paths[i]);
            json.WriteString("method", plan.Method.Name);
            json.WriteString("granularity", plan.Granularity);
            json.WriteNumber("per_mac", plan.Energy.PerMac);
            Number(json, "per_mac_low", plan.Energy.Low);
            Number(json, "per_mac_high", plan.Energy.High);
            json.WriteNumber("per_mac_level", plan.Energy.Level);
            json.WriteString("verdict", plan.Certificate?.Verdict);
            json.WriteNumber("images_forward", plan.Method.ImagesForward);
            json.WriteNumber("images_backward", plan.Method.ImagesBackward);
            json.WriteNumber("seconds", plan.Method.Seconds);
            Number(json, "kkt_residual", plan.Method.KktResidual);
            if (measured?.Plans[i] is { } one)
            {
                json.WriteBoolean("reached", one.Energy.Reached);
                Number(json, "at_equal_drop", one.Energy.Energy.Value);
                Number(json, "at_equal_drop_low", one.Energy.Energy.Interval.Low);
                Number(json, "at_equal_drop_high", one.Energy.Energy.Interval.High);
                Number(json, "over_first", one.Ratio.Ratio.Value);
                Number(json, "over_first_low", one.Ratio.Ratio.Interval.Low);
                Number(json, "over_first_high", one.Ratio.Ratio.Interval.High);
                json.WriteNumber("draws", one.Energy.Energy.N);
                json.WriteString("reason", one.Energy.Reason);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known && double.IsFinite(known))
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
