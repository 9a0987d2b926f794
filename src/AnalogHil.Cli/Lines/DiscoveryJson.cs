using System.Collections.Immutable;
using AnalogHil.Cli.Models;
using AnalogHil.Daemon.Benches;

namespace AnalogHil.Cli.Lines;

/// <summary>Lines that were asked, for programs.</summary>
internal static class DiscoveryJson
{
    /// <summary>One object on one line.</summary>
    public static string Of(ImmutableArray<DiscoveredLine> lines) => JsonLine.Write(json =>
    {
        json.WriteStartArray("lines");
        foreach (DiscoveredLine line in lines)
        {
            json.WriteStartObject();
            json.WriteString("line", line.Found.Port);
            json.WriteNumber("baud", line.Found.Baud);
            if (line.Found.Identity is { } device)
            {
                json.WriteString("device", device.Uid);
                json.WriteString("architecture", ArchitectureNames.Of(device.Architecture));
                json.WriteString("firmware", device.Firmware);
                json.WriteString("schema", device.SchemaHash);
                json.WriteString("boot", device.BootId);
                json.WriteNumber("watchdog_ms", line.Found.WatchdogMilliseconds);
            }
            else
            {
                json.WriteString("problem", line.Found.Problem);
            }

            json.WriteStartArray("benches");
            foreach (BenchMatch bench in line.Benches)
            {
                json.WriteStartObject();
                json.WriteString("name", bench.Name);
                json.WriteString("path", bench.Path);
                json.WriteBoolean("fits", bench.Problem.Length == 0);
                json.WriteString("problem", bench.Problem);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
