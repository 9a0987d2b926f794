using System.Globalization;
using AnalogHil.Cli.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Equivalence;
using Spectre.Console;

namespace AnalogHil.Cli.Models;

/// <summary>Few bits against as much noise, as a table.</summary>
internal static class LowBitView
{
    /// <summary>Writes it, with what its figures rest on.</summary>
    public static void Write(LowBitRequest request, LowBitResult result, Terminal terminal)
    {
        IAnsiConsole console = terminal.CreateConsole();
        Table table = PlanView.Right(
            "Accuracy with every analog product's outputs quantised to so many bits, and with noise of as many", "bits", "quantised, % (95 %)", "with noise, % (95 %)",
            "difference, points (95 %)", "n (images x draws)");
        foreach (LowBitRow row in result.Rows)
        {
            LowBitPoint point = row.Point;
            table.AddRow(
                row.Plan ? Text($"{point.Bits:0.00}, the plan's mean") : Text($"{point.Bits:0.##}"), Percent(point.Quantised), Percent(point.Noisy), Percent(point.Difference),
                Text($"{point.Quantised.N:N0} x {request.Draws}"));
        }

        console.Write(table);

        // Not through the table's console, which would break these lines at a width.
        string digital = result.Network.DigitalProducts.Count > 0 ? $"; {result.Network.DigitalProducts.Count} products of two activations are digital" : "";
        terminal.Output.WriteLine($"ranges    {result.Ranges}");
        terminal.Output.WriteLine($"intervals {LowBitResult.Intervals}");
        terminal.Output.WriteLine($"noise     {LowBitResult.Noise}; seed {request.Images.Seed.ToString(CultureInfo.InvariantCulture)}{digital}");
        if (request.PlanPath is { } path)
        {
            terminal.Output.WriteLine($"plan      {path}: the noise bits that it holds for each layer, {PlanView.MeanBits(request.Plan!)}");
        }

        terminal.Output.WriteLine(Text($"images    {result.Judged.Count:N0} of {result.Judged.Name}"));
        terminal.Output.WriteLine($"model     {request.Images.ModelPath}, sha256 {result.Network.Sha256}");
        terminal.Output.WriteLine(Text($"time      {result.Elapsed.TotalSeconds:0.0} s, {request.Images.Threads} threads"));
    }

    private static string Percent(Estimate estimate) =>
        Text($"{100 * estimate.Value:0.00} [[{100 * estimate.Interval.Low:0.00}, {100 * estimate.Interval.High:0.00}]]");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
