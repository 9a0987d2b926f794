using System.Globalization;
using System.Text.Json;
using AnalogHil.Cli.Models;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Bits;
using Spectre.Console;

namespace AnalogHil.Cli.Plans;

/// <summary>A joint choice of bits and K as a table, or as one JSON object.</summary>
internal static class BitsView
{
    private const double Level = 0.95;

    private static readonly string[] Assumptions =
    [
        "a conversion costs in proportion to its levels (Walden); energies are the device's declared ones, not measured",
        "rounding errors are white and independent; losses are to second order",
        "test images: the plan in use was chosen on some of them; one noise draw for each image, the same for both",
    ];

    /// <summary>Writes it.</summary>
    public static void Write(BitTask task, BitStudyResult result, Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.Output.WriteLine(Json(task, result));
        }
        else
        {
            Tables(task, result, terminal.CreateConsole());
        }
    }

    private static void Tables(BitTask task, BitStudyResult result, IAnsiConsole console)
    {
        Table layers = PlanView.Right(
            "Bits of inputs, weights and read-outs, and K; in brackets those in use", "node", "inputs", "weights", "read-outs", "K", "energy, nJ");
        for (int i = 0; i < result.Chosen.Layers.Length; i++)
        {
            (LayerBits now, LayerBits was) = (result.Chosen.Layers[i], result.InUse.Layers[i]);
            layers.AddRow(
                Markup.Escape(task.Device.Nodes[i].Name), Pair(now.InputBits, was.InputBits), Pair(now.WeightBits, was.WeightBits),
                now.OutputBits == 0 ? "ideal" : Pair(now.OutputBits, was.OutputBits), Pair(now.Energy, was.Energy),
                Text($"{1e9 * now.Joules:G4} ({1e9 * was.Joules:G4})"));
        }

        console.Write(layers);
        Table facts = PlanView.Right("", "figure", "choice", "plan in use", "interval, n");
        facts.AddRow(
            "energy of one image, nJ", PlanView.Number(1e9 * result.Chosen.Joules), PlanView.Number(1e9 * result.InUse.Joules),
            "declared, of reads and conversions");
        facts.AddRow(
            "second-order loss, nats", PlanView.Number(result.Chosen.Loss), PlanView.Number(result.InUse.Loss),
            Text($"predicted, {Math.Min(task.SensitivityImages, task.Learning.Count)} images"));
        facts.AddRow("drop from float32, points", Points(result.ChosenDrop), Points(result.InUseDrop), Text($"n = {result.Change.Total:N0}"));
        facts.AddRow("change by the choice, points", Points(result.Change), "", "paired");
        console.Write(facts);
        string ratio = Text($"{result.Chosen.Joules / result.InUse.Joules:0.000}");
        console.WriteLine($"energy of the choice over that in use: {ratio} (no choice within the limit has less than {Bound(task, result)})");
        foreach (string assumption in Assumptions)
        {
            console.WriteLine($"assumes: {assumption}");
        }
    }

    private static string Json(BitTask task, BitStudyResult result) => JsonLine.Write(json =>
    {
        json.WriteString("model_sha256", task.Network.Sha256);
        json.WriteString("limit", task.Joules is null ? "loss" : "joules");
        json.WriteNumber("joules", result.Chosen.Joules);
        json.WriteNumber("joules_in_use", result.InUse.Joules);
        json.WriteNumber("loss_nats", result.Chosen.Loss);
        json.WriteNumber("loss_nats_in_use", result.InUse.Loss);
        json.WriteNumber(task.Joules is null ? "joules_lower_bound" : "loss_nats_lower_bound", result.Chosen.LowerBound);
        json.WriteNumber("float32_accuracy", result.CleanAccuracy);
        json.WriteNumber("examples", result.Change.Total);
        Drop(json, "drop", result.ChosenDrop);
        Drop(json, "drop_in_use", result.InUseDrop);
        Drop(json, "change", result.Change);
        json.WriteStartArray("layers");
        for (int i = 0; i < result.Chosen.Layers.Length; i++)
        {
            LayerBits layer = result.Chosen.Layers[i];
            json.WriteStartObject();
            json.WriteString("name", task.Device.Nodes[i].Name);
            json.WriteNumber("input_bits", layer.InputBits);
            json.WriteNumber("weight_bits", layer.WeightBits);
            json.WriteNumber("output_bits", layer.OutputBits);
            json.WriteNumber("repeats", layer.Energy);
            json.WriteNumber("joules", layer.Joules);
            json.WriteNumber("joules_in_use", result.InUse.Layers[i].Joules);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("assumptions");
        foreach (string assumption in Assumptions)
        {
            json.WriteStringValue(assumption);
        }

        json.WriteEndArray();
    });

    private static void Drop(Utf8JsonWriter json, string name, PairedCounts counts)
    {
        Interval limits = TangoInterval.Of(counts, Level);
        json.WriteNumber(name, counts.Drop);
        json.WriteNumber(name + "_low", limits.Low);
        json.WriteNumber(name + "_high", limits.High);
    }

    private static string Points(PairedCounts counts)
    {
        Interval limits = TangoInterval.Of(counts, Level);
        return Text($"{100 * counts.Drop:0.00} ({100 * limits.Low:0.00} to {100 * limits.High:0.00}, 95 %)");
    }

    private static string Bound(BitTask task, BitStudyResult result) => task.Joules is null
        ? Text($"{1e9 * result.Chosen.LowerBound:G4} nJ")
        : Text($"{result.Chosen.LowerBound:G4} nats of loss");

    private static string Pair(double now, double was) => now == was ? Text($"{now:0}") : Text($"{now:0} ({was:0})");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
