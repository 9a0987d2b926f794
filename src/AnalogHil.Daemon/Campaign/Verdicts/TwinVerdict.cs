using System.Globalization;
using AnalogHil.Precision.Twin;

namespace AnalogHil.Daemon.Campaign.Verdicts;

/// <summary>What the twin check means for the verdict, in words.</summary>
internal static class TwinVerdict
{
    /// <summary>Names every layer whose interval leaves the allowed one.</summary>
    public static string Reason(TwinResult twin)
    {
        TwinLayer[] off = [.. twin.Layers.Where(layer => !layer.Agrees(twin.Allowed))];
        string layers = string.Join(", ", off.Select(layer => string.Create(
            CultureInfo.InvariantCulture,
            $"{layer.Layer} {layer.VarianceRatio:0.000} [{layer.Interval.Low:0.000}, {layer.Interval.High:0.000}] from {layer.Images} images")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"twin check: {off.Length} of {twin.Layers.Length} layers have a ratio of device to model noise variance whose 95 % interval is not within [{twin.Allowed.Low:0.0#}, {twin.Allowed.High:0.0#}]: {layers}; calibrate again, or look for noise that the laws leave out");
    }
}
