using System.Globalization;
using AnalogHil.Daemon.Campaign.Verdicts;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Costs;
using AnalogHil.Daemon.Records.Noise;
using AnalogHil.Daemon.Records.Plans;
using AnalogHil.Daemon.Records.Proof;
using AnalogHil.Precision.Noise;
using AnalogHil.V1;
using Spectre.Console;

namespace AnalogHil.Cli.Views;

/// <summary>A record as tables: noise, layers, energy, validation, verdict.</summary>
internal static class ReportView
{
    /// <summary>Writes what there is in a record.</summary>
    /// <param name="record">Complete or partial.</param>
    /// <param name="directory">Where it is kept.</param>
    /// <param name="console">Where it is written.</param>
    public static void Write(CampaignRecord record, string directory, IAnsiConsole console)
    {
        if (record.Calibration is { } calibration)
        {
            Write(
                console,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Noise of one read: standard deviation relative to device full scale, {100 * calibration.Level:0} % intervals, {calibration.Reads:N0} reads in all"),
                Noise(calibration));
        }

        if (record.Plan is { } plan)
        {
            Write(console, $"Redundancy K of each layer ({plan.Mode}); noise bits: of the range seen on at most {NoiseBitsMeter.UsualImages} images; ratio: noise variance of the device over the model's", Layers(plan, record));
        }

        if (record.Plan is { Variants.IsDefaultOrEmpty: false } several)
        {
            Write(console, several.Variants.Any(variant => variant.Chosen)
                ? "Variants of the network that were tried, on the images of the search; intervals do not count the choice"
                : "Variants of the network that were tried, on the images of the search; the plan is the uniform one", Variants(several));
        }

        if (Results(record) is { Rows.Count: > 0 } results)
        {
            Write(console, "Result", results);
        }

        foreach (string warning in record.Warnings)
        {
            console.MarkupLine($"[yellow]warning: {Markup.Escape(warning)}[/]");
        }

        foreach (string assumption in record.Assumptions)
        {
            console.MarkupLine($"[grey]{Markup.Escape(assumption)}[/]");
        }

        console.WriteLine();
        string verdict = WireVerdict.Of(record) switch
        {
            Verdict.Accept => "[bold green]ACCEPT[/]",
            Verdict.Reject => "[bold red]REJECT[/]",
            Verdict.Inconclusive => "[bold yellow]INCONCLUSIVE[/]",
            _ => $"[bold yellow]no verdict, the record is partial and ends in step {Markup.Escape(record.Phase)}[/]",
        };
        console.MarkupLine($"{verdict}{(record.Reason is { } reason ? ": " + Markup.Escape(reason) : "")}");
        console.MarkupLine($"Record: {Markup.Escape(Path.Combine(directory, RecordWriter.HtmlName))}");
    }

    private static Table Noise(CalibrationRecord calibration)
    {
        Table table = Start();
        table.AddColumn("noise").AddColumn("sigma").AddColumn("interval").AddColumn("unit").AddColumn("n");
        foreach (SigmaRecord sigma in calibration.Sigmas)
        {
            table.AddRow(
                sigma.Name,
                sigma.Present ? Wording.Number(sigma.Value) : "not told from 0",
                sigma.Present ? $"{Wording.Number(sigma.Low)} - {Wording.Number(sigma.High)}" : $"below {Wording.Number(sigma.High)}",
                sigma.Unit,
                sigma.N.ToString("N0", CultureInfo.InvariantCulture));
        }

        return table;
    }

    private static Table Layers(PlanRecord plan, CampaignRecord record)
    {
        Table table = Start();
        table.AddColumn("layer").AddColumn("N").AddColumn("MACs").AddColumn("K").AddColumn("K uniform").AddColumn("noise bits").AddColumn("ratio, 95 %");
        foreach (PlanLayerRecord layer in plan.Layers)
        {
            TwinRecord? twin = record.Twin.FirstOrDefault(candidate => candidate.Layer == layer.Name);
            table.AddRow(
                Markup.Escape(layer.Name),
                layer.N.ToString(CultureInfo.InvariantCulture),
                layer.Macs.ToString("N0", CultureInfo.InvariantCulture),
                Wording.Repeats(layer.K),
                layer.UniformK is { } uniform ? Wording.Repeats(uniform) : "",
                double.IsFinite(layer.NoiseBits) ? layer.NoiseBits.ToString("0.00", CultureInfo.InvariantCulture) : "",
                twin is null ? "" : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(twin.Holds ? "" : "[red]")}{twin.VarianceRatio:0.000}, {twin.Low:0.000} - {twin.High:0.000}{(twin.Holds ? "" : "[/]")}"));
        }

        return table;
    }

    private static Table Variants(PlanRecord plan)
    {
        Table table = Start().AddColumn("variant").AddColumn("reads per MAC").AddColumn("interval").AddColumn("over the first").AddColumn("uJ per image, declared").AddColumn("n, at most")
            .AddColumn("plan");
        foreach (PlanVariantRecord variant in plan.Variants)
        {
            table.AddRow(
                Markup.Escape(variant.Name),
                variant.Reachable ? Wording.Number(variant.Energy) : "none",
                variant.Reachable ? LimitsOf(variant.Low, variant.High, "G3") : "none is predicted to be accepted",
                variant.Ratio is { } ratio ? $"{Wording.Number(ratio)}, {LimitsOf(variant.RatioLow, variant.RatioHigh, "0.00")}" : "",
                variant is { Reachable: true, JoulesPerImage: { } joules } ? Wording.Number(1e6 * joules) : "",
                variant.Images > 0 ? string.Create(CultureInfo.InvariantCulture, $"{variant.Images:N0} images x {variant.Draws}") : "",
                variant.Chosen ? "this one" : "");
        }

        return table;
    }

    private static Table Results(CampaignRecord record)
    {
        Table table = Start().AddColumn("figure").AddColumn("value").AddColumn("interval").AddColumn("unit, n");
        if (record.Energy is { } energy)
        {
            table.AddRow("energy, uniform K", energy.UniformTried is { } tried ? $"up to {Wording.Number(tried)}" : Wording.Number(energy.Uniform), energy.UniformTried is not null ? "none is predicted to be accepted" : LimitsOf(energy.UniformLow, energy.UniformHigh, "G3"), Markup.Escape(energy.Unit));
            table.AddRow("energy, learned K", Wording.Number(energy.Learned), LimitsOf(energy.LearnedLow, energy.LearnedHigh, "G3"), Markup.Escape(energy.Unit));
            if (energy.UniformTried is null)
            {
                table.AddRow("learned over uniform", Wording.Number(energy.Ratio), LimitsOf(energy.RatioLow, energy.RatioHigh, "0.000"), "1");
            }

            Declared("energy of an image, uniform K", energy.UniformJoulesPerImage * 1e6, "uJ");
            Declared("energy of an image, learned K", energy.JoulesPerImage * 1e6, "uJ");
            Declared("output conversions of an image, uniform K", energy.UniformConversionsPerImage, "1");
            Declared("output conversions of an image, learned K", energy.ConversionsPerImage, "1");
            if (record.DeclaredCost is { } cost)
            {
                Static("static power of the whole device", cost.StaticPower, cost.StaticPower?.Value, "W");
                Static("static energy of an image, learned K", cost.StaticPower, 1e6 * cost.StaticPower?.Value * cost.Seconds, "uJ");
                Static("area of the whole device", cost.Area, cost.Area?.Value, "mm2");
            }
        }

        if (record.Validation is { } validation)
        {
            string n = string.Create(CultureInfo.InvariantCulture, $"%, {validation.M:N0} images");
            table.AddRow("accuracy, float32 network", Percent(validation.AccClean), "same images", n);
            table.AddRow(
                "accuracy, device",
                Percent(validation.AccNoisy),
                validation is { AccNoisyLow: { } low, AccNoisyHigh: { } high } ? $"{Percent(low)} - {Percent(high)} (95 %)" : "",
                n);
            table.AddRow(
                "loss",
                Percent(validation.Drop),
                string.Create(CultureInfo.InvariantCulture, $"{validation.Low:0.00} - {validation.High:0.00} ({100 * validation.Level:0} %)"),
                "percentage points");
        }

        if (record.Target is { } target && table.Rows.Count > 0)
        {
            table.AddRow("largest accepted loss", Percent(target.MaxDrop), "asked for", Markup.Escape(target.Unit));
        }

        return table;

        void Static(string figure, StaticCostRecord? told, double? value, string unit) => table.AddRow(
            figure, value is { } known ? Wording.Number(known) : "-", told is null ? "not told by the bench" : Markup.Escape($"declared ({told.Class}), not measured"), unit);

        void Declared(string figure, double? value, string unit)
        {
            if (value is { } known)
            {
                table.AddRow(figure, Wording.Number(known), "declared, not measured", unit);
            }
        }
    }

    private static string LimitsOf(double? low, double? high, string format) => low is { } from && high is { } to
        ? $"{from.ToString(format, CultureInfo.InvariantCulture)} - {to.ToString(format, CultureInfo.InvariantCulture)} (95 %)"
        : "not bounded";

    private static string Percent(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static Table Start() => new Table().Border(TableBorder.Rounded);

    // A title of the table's own would be broken to the table's width.
    private static void Write(IAnsiConsole console, string title, Table table)
    {
        console.MarkupLine($"[bold]{Markup.Escape(title)}[/]");
        console.Write(table);
        console.WriteLine();
    }
}
