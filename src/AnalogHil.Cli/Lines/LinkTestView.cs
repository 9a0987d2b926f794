using System.Globalization;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Serial.Diagnostics;
using Spectre.Console;

namespace AnalogHil.Cli.Lines;

/// <summary>A test of a line for people.</summary>
internal static class LinkTestView
{
    /// <summary>Prints the table and the verdict.</summary>
    public static void Write(LinkTestReport report, IAnsiConsole console)
    {
        Interval damaged = report.DamagedShare;
        string faults = report.ChaosSeed is not { } seed ? ""
            : Text($", with {report.Injected} faults put in, {report.Reboots} of them reboots of the device, seed {seed}");
        console.WriteLine(Text($"{report.Uid}, firmware {report.Firmware}, on {report.Port} at {report.Baud} baud, 8N1{faults}"));
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("figure").AddColumn("value").AddColumn("n, interval, limit");
        table.AddRow("commands lost", Text($"{report.Lost}"), Text($"{report.Commands} commands"));
        table.AddRow("payload bits wrong", Text($"{report.WrongBits}"), Text($"{report.Bits:N0} bits compared"));
        if (report.Interrupted > 0)
        {
            table.AddRow("commands interrupted", Text($"{report.Interrupted}"), "open when the device rebooted; sent again");
        }

        table.AddRow(
            "frames damaged, refused",
            Text($"{report.Damaged}"),
            Text($"{report.Frames:N0} frames; share {damaged.Low:0.######} - {damaged.High:0.######} (95 %)"));
        table.AddRow("frames sent again", Text($"{report.Retransmits}"), "both ends");
        table.AddRow("upload to the device", Throughput(report.UploadBytesPerSecond), Share(report, report.UploadBytesPerSecond));
        table.AddRow("bulk reads from it", Throughput(report.ReadBytesPerSecond), Share(report, report.ReadBytesPerSecond));
        table.AddRow("both ways at once", Throughput(report.BytesPerSecond), Share(report, report.BytesPerSecond));
        table.AddRow(
            "round trip, median",
            Text($"{report.RoundTrip(0.5) / 1000:0.000} ms"),
            Text($"{report.RoundTrips.Count} commands of 16 bytes; {report.RoundTripOnWire / 1000:0.000} ms on the wire, ")
                + Text($"good up to {report.RoundTripLimit / 1000:0.000} ms"));
        table.AddRow("round trip, 99 %", Text($"{report.RoundTrip(0.99) / 1000:0.000} ms"), "");
        console.Write(table);
        console.WriteLine(report.Passed
            ? "GOOD: nothing lost, nothing wrong accepted"
            : "BAD: commands were lost or wrong bytes accepted; do not use this line");
    }

    private static string Throughput(double bytesPerSecond) => Text($"{bytesPerSecond / 1000:N1} kB/s");

    private static string Share(LinkTestReport report, double bytesPerSecond) => Text(
        $"payload each way; {report.ShareOf(bytesPerSecond):0.000} of the line's {report.Baud / 10e3:N1} kB/s (above 1: the line has no pace)");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
