using System.Text.Json;
using AnalogHil.Engine.Evaluation;

namespace AnalogHil.Cli.Models;

/// <summary>An evaluation as one JSON object on one line.</summary>
internal static class EvaluationJson
{
    /// <summary>The line: accuracies and their intervals in percent.</summary>
    public static string Of(EvaluationRequest request, EvaluationResult result) => JsonLine.Write(json =>
    {
        json.WriteNumber("top1", Percent(result.Top1, result.Images));
        json.WriteStartArray("top1_interval");
        json.WriteNumberValue(Math.Round(100 * result.Top1Interval.Low, 4));
        json.WriteNumberValue(Math.Round(100 * result.Top1Interval.High, 4));
        json.WriteEndArray();
        if (result is { Top5: { } top5, Top5Interval: { } interval })
        {
            json.WriteNumber("top5", Percent(top5, result.Images));
            json.WriteStartArray("top5_interval");
            json.WriteNumberValue(Math.Round(100 * interval.Low, 4));
            json.WriteNumberValue(Math.Round(100 * interval.High, 4));
            json.WriteEndArray();
        }
        else
        {
            json.WriteNull("top5");
            json.WriteNull("top5_interval");
        }

        json.WriteNumber("interval_level", EvaluationResult.Level);
        json.WriteString("interval_of", "Wilson's score interval over images" + (request.Noise is null ? "" : ", one draw of the noise"));
        json.WriteNumber("n", result.Images);
        json.WriteNumber("top1_correct", result.Top1);
        json.WriteNumber("seconds", Math.Round(result.Elapsed.TotalSeconds, 3));
        json.WriteString("model", request.ModelPath);
        json.WriteString("sha256", result.Network.Sha256);
        json.WriteNumber("classes", result.Network.Classes);
        json.WriteNumber("digital_products", result.Network.DigitalProducts.Count);
        json.WriteString("data", result.Data);
        json.WriteString("data_directory", request.DataDirectory);
        json.WriteString("split", SplitNames.Of(request.Split));
        json.WriteString("preprocessing", result.Preprocessing);
        WriteNoise(json, request);
        json.WriteString("numbers", request.Quantised ? "8-bit inputs and weights of analog nodes, else float32" : "float32");
        json.WriteString("calibration", result.Calibration);
        json.WriteNumber("calibration_images", result.CalibrationImages);
        json.WriteNumber("threads", request.Threads);
    });

    private static void WriteNoise(Utf8JsonWriter json, EvaluationRequest request)
    {
        if (request.Noise is not { } laws)
        {
            json.WriteNull("noise");
            json.WriteNull("seed");
            return;
        }

        json.WriteString("noise", laws.ToString());
        json.WriteString("noise_lifetime", laws.DescribeLifetime());
        json.WriteNumber("seed", request.Seed);
    }

    private static double Percent(int correct, int images) => Math.Round(100.0 * correct / images, 4);
}
