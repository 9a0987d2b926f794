using System.Text;

namespace AnalogHil.Daemon.Telemetry.Exposition;

/// <summary>Names of metrics as Prometheus wants them: underscores, the base unit as a suffix.</summary>
internal static class MetricName
{
    /// <summary>"analoghil.device.temperature" in "Cel" is "analoghil_device_temperature_celsius"; a counter's "_total" is not part of it.</summary>
    public static string Of(string instrument, string? unit)
    {
        var name = new StringBuilder(instrument.Length + 8);
        foreach (char letter in instrument)
        {
            bool fits = char.IsAsciiLetter(letter) || letter is '_' or ':' || (char.IsAsciiDigit(letter) && name.Length > 0);
            name.Append(fits ? letter : '_');
        }

        string suffix = UnitOf(unit);
        string written = name.ToString();
        return suffix.Length == 0 || written.EndsWith("_" + suffix, StringComparison.Ordinal) ? written : $"{written}_{suffix}";
    }

    /// <summary>The word for a unit of the UCUM; empty for counts of things, "{call}", and for no unit.</summary>
    public static string UnitOf(string? unit) => unit switch
    {
        "s" => "seconds",
        "By" => "bytes",
        "Cel" => "celsius",
        "J" => "joules",
        "1" => "ratio",
        "ms" => "milliseconds",
        _ => "",
    };
}
