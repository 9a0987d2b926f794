using System.Collections.Immutable;
using AnalogHil.Daemon.Benches;
using AnalogHil.Devices.Contract;
using Spectre.Console;

namespace AnalogHil.Cli.Lines;

/// <summary>Lines that were asked, for people.</summary>
internal static class DiscoveryView
{
    /// <summary>Prints one row a line, then what does not fit.</summary>
    public static void Write(ImmutableArray<DiscoveredLine> lines, IAnsiConsole console)
    {
        if (lines.IsEmpty)
        {
            console.WriteLine("this machine has no USB serial port; plug the device in, or name a line");
            return;
        }

        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn("line").AddColumn("device").AddColumn("architecture").AddColumn("firmware").AddColumn("watchdog").AddColumn("benches");
        foreach (DiscoveredLine line in lines)
        {
            DeviceIdentity? device = line.Found.Identity;
            table.AddRow(
                Markup.Escape(line.Found.Port),
                Markup.Escape(device?.Uid ?? "-"),
                Markup.Escape(device is null ? "-" : ArchitectureNames.Of(device.Architecture)),
                Markup.Escape(device?.Firmware ?? "-"),
                device is null ? "-" : $"{line.Found.WatchdogMilliseconds} ms",
                Markup.Escape(string.Join(", ", line.Benches.Select(bench => bench.Problem.Length == 0 ? bench.Name : $"{bench.Name} (does not fit)"))));
        }

        console.Write(table);
        foreach (DiscoveredLine line in lines)
        {
            if (line.Found.Identity is null)
            {
                console.WriteLine($"{line.Found.Port}: {line.Found.Problem}");
                continue;
            }

            foreach (BenchMatch bench in line.Benches.Where(bench => bench.Problem.Length > 0))
            {
                console.WriteLine($"{bench.Path}: {bench.Problem}; correct the bench file or the port");
            }
        }
    }
}
