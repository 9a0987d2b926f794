using System.Text.Json;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;

namespace AnalogHil.Cli.Models;

/// <summary>Few bits against as much noise, as one JSON object on one line; accuracies and their differences are fractions.</summary>
internal static class LowBitJson
{
    /// <summary>The line.</summary>
    public static string Of(LowBitRequest request, LowBitResult result) => JsonLine.Write(json =>
    {
        json.WriteStartArray("rows");
        foreach (LowBitRow row in result.Rows)
        {
            json.WriteStartObject();
            json.WriteNumber("bits", row.Point.Bits);
            json.WriteString("bits_of", row.Plan ? "plan, mean over output elements" : "every layer");
            Write(json, "quantised", row.Point.Quantised);
            Write(json, "noisy", row.Point.Noisy);
            Write(json, "difference", row.Point.Difference);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("n", result.Judged.Count);
        json.WriteNumber("draws", request.Draws);
        json.WriteNumber("seed", request.Images.Seed);
        json.WriteString("intervals", LowBitResult.Intervals);
        json.WriteString("noise", LowBitResult.Noise);
        json.WriteString("ranges", result.Ranges);
        json.WriteString("calibration", result.Observed.Name);
        json.WriteNumber("calibration_images", result.Observed.Count);
        WritePlan(json, request);
        json.WriteString("model", request.Images.ModelPath);
        json.WriteString("sha256", result.Network.Sha256);
        json.WriteNumber("digital_products", result.Network.DigitalProducts.Count);
        json.WriteString("data", result.Judged.Name);
        json.WriteString("data_directory", request.Images.DataDirectory);
        json.WriteString("split", SplitNames.Of(request.Images.Split));
        json.WriteNumber("threads", request.Images.Threads);
        json.WriteNumber("seconds", Math.Round(result.Elapsed.TotalSeconds, 3));
    });

    private static void Write(Utf8JsonWriter json, string name, Estimate estimate)
    {
        json.WriteStartObject(name);
        json.WriteNumber("value", estimate.Value);
        json.WriteNumber("low", estimate.Interval.Low);
        json.WriteNumber("high", estimate.Interval.High);
        json.WriteNumber("level", estimate.Level);
        json.WriteNumber("n", estimate.N);
        json.WriteString("unit", estimate.Unit);
        json.WriteEndObject();
    }

    private static void WritePlan(Utf8JsonWriter json, LowBitRequest request)
    {
        if (request.Plan is not { } plan)
        {
            json.WriteNull("plan");
            return;
        }

        json.WriteStartObject("plan");
        json.WriteString("file", request.PlanPath);
        json.WriteString("plan_sha256", plan.Sha256);
        Number(json, "mean_bits", AverageNoiseBits.Of(plan.Layers, ReferenceProfile.Corrected));
        Number(json, "mean_bits_as_the_authors_code", AverageNoiseBits.Of(plan.Layers, ReferenceProfile.PaperCode));
        json.WriteStartArray("layers");
        foreach (PlanLayer layer in plan.Layers)
        {
            json.WriteStartObject();
            json.WriteString("name", layer.Name);
            Number(json, "noise_bits", layer.NoiseBits);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
