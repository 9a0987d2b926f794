using System.Globalization;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;

namespace AnalogHil.Cli.Deployments;

/// <summary>What a validation found, for a person or as JSON; the accuracies, which come bare, with their intervals.</summary>
internal static class ValidationView
{
    private const double Level = 0.95;

    /// <summary>Accuracies and drop on one line.</summary>
    public static string Text(ValidateResponse found) => string.Create(
        CultureInfo.InvariantCulture,
        $"accuracy {Percent(found.CleanAccuracyPercent, found.Drop.N)} clean, {Percent(found.DeviceAccuracyPercent, found.Drop.N)} on the device ({100 * Level:0} %, n = {found.Drop.N}); ")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"drop {found.Drop.Value:0.00} [{found.Drop.Low:0.00}, {found.Drop.High:0.00}] {found.Drop.Unit} (90 %, n = {found.Drop.N})");

    /// <summary>The reply as other replies are printed, and behind its members both accuracies as estimates.</summary>
    public static string Json(ValidateResponse found)
    {
        string reply = ProtoJson.Of(found);
        if (found.Drop is not { N: > 0 })
        {
            return reply;
        }

        // Joined as text, so that the members of the reply stay as every other command prints them.
        string clean = ProtoJson.Of(EstimateOf(found.CleanAccuracyPercent, found.Drop.N));
        string device = ProtoJson.Of(EstimateOf(found.DeviceAccuracyPercent, found.Drop.N));
        return $"{reply[..^1].TrimEnd()}, \"clean_accuracy\": {clean}, \"device_accuracy\": {device} }}";
    }

    private static string Percent(double percent, long examples)
    {
        if (examples < 1)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{percent:0.00} %");
        }

        Estimate accuracy = EstimateOf(percent, examples);
        return string.Create(CultureInfo.InvariantCulture, $"{percent:0.00} % [{accuracy.Low:0.00}, {accuracy.High:0.00}]");
    }

    private static Estimate EstimateOf(double percent, long examples)
    {
        long right = Math.Clamp((long)Math.Round(percent / 100 * examples), 0, examples);
        Core.Statistics.Interval limits = Core.Statistics.ProportionInterval.Wilson(right, examples, Level);
        return new Estimate { Value = percent, Low = 100 * limits.Low, High = 100 * limits.High, Unit = "percent", N = examples, Level = Level };
    }
}
