using System.Globalization;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Units;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using Spectre.Console;

namespace AnalogHil.Cli.Plans;

/// <summary>A plan as tables.</summary>
internal static class PlanView
{
    private const double TelecomWavelength = 1550e-9;

    /// <summary>Writes the tables.</summary>
    public static void Write(PlanFile plan, IAnsiConsole console)
    {
        string unit = Markup.Escape(plan.Noise.EnergyUnit);
        Table layers = Right($"Layers: E is the energy in {unit}, bits the effective precision of the product", "node", "operator", "N", "MACs", "E (K)", "share of energy", "noise bits");
        foreach (PlanLayer layer in plan.Layers)
        {
            layers.AddRow(
                Markup.Escape(layer.Name), Markup.Escape(layer.Operator), Count(layer.DotLength), Count(layer.Macs), EnergyOf(layer),
                Percent(layer.EnergyShare), layer.NoiseBits is { } bits ? Text($"{bits:0.00}") : "-");
        }

        console.Write(layers);
        if (plan.Layers.Any(layer => layer.NoiseBits is not null))
        {
            console.WriteLine(Text($"noise bits: log2(range / sqrt(12 variance) + 1), of the range of the outputs seen on at most {NoiseBitsMeter.UsualImages} images"));
            console.WriteLine(MeanBits(plan));
        }

        if (plan.Layers.All(layer => layer.Declared is not null))
        {
            Declared(plan, console);
        }

        Table facts = Right("", "figure", "value", "interval", "unit, n");
        PlanEnergy energy = plan.Energy;
        facts.AddRow("energy, uniform", Number(energy.UniformPerMac), Limits(energy.UniformLow, energy.UniformHigh, 1, "95 %"), unit);
        facts.AddRow("energy, this plan", Number(energy.PerMac), Limits(energy.Low, energy.High, 1, "95 %"), unit);
        facts.AddRow("this plan over uniform", Number(energy.Ratio), Limits(energy.RatioLow, energy.RatioHigh, 1, "95 %"), "1");
        facts.AddRow(OfExample(plan));
        facts.AddRow("predicted drop", Text($"{100 * plan.Prediction.Drop:0.00}"), Text($"+- {196 * plan.Prediction.DropStandardError:0.00} (95 %)"), Text($"points, {plan.Data.SearchImages:N0} search images"));
        if (plan.Certificate is { } certificate)
        {
            if (certificate.CleanAccuracy is { } clean)
            {
                Core.Statistics.Interval limits = Core.Statistics.ProportionInterval.Wilson((long)Math.Round(clean * certificate.Examples), certificate.Examples);
                facts.AddRow("accuracy without noise", Text($"{100 * clean:0.00}"), Limits(limits.Low, limits.High, 100, "95 %, Wilson"), Text($"%, M = {certificate.Examples:N0}"));
            }

            facts.AddRow("certified drop", Text($"{100 * certificate.Drop:0.00}"), Text($"{100 * certificate.DropLow:0.00} - {100 * certificate.DropHigh:0.00} ({100 * (2 * certificate.Level - 1):0.#} %)"), Text($"points, M = {certificate.Examples:N0}, R = {certificate.Draws}"));
            if (certificate.DropErrorImages is { } ofImages)
            {
                string shared = certificate is { DropErrorDraws: { } ofDraws, ProgrammingSigma: { } sigma }
                    ? Text($"{100 * ofDraws:0.00} from {certificate.Draws} devices, weights off by {Number(sigma)} of their span")
                    : "none shared by examples";
                facts.AddRow("its standard error", Text($"{100 * ofImages:0.00} from examples"), shared, "points");
            }

            facts.AddRow(
                "energy at that drop", Number(energy.PerMac),
                Limits(certificate.LogEnergyLow is { } low ? Math.Exp(low) : null, certificate.LogEnergyHigh is { } high ? Math.Exp(high) : null, 1, "95 %"), unit);
        }

        facts.AddRow("images passed by the method", Count(plan.Method.ImagesForward + plan.Method.ImagesBackward), Text($"{plan.Method.ImagesForward:N0} forward, {plan.Method.ImagesBackward:N0} backward"), Text($"{plan.Method.AllImages:N0} with search and certification"));
        facts.AddRow("time of the method", Text($"{plan.Method.Seconds:0.0}"), Text($"{plan.Method.AllSeconds:0.0} s with search and certification"), "s");
        facts.AddRow("KKT residual", plan.Method.KktResidual is { } residual ? Number(residual) : "-", plan.Method.KktResidualOfLayers is { } between ? $"{Number(between)} between layers" : "", "0 at the optimum");
        console.Write(facts);
        string noise = plan.Noise.Law ?? $"calibrated on {plan.Noise.Device}: {string.Join(", ", plan.Noise.Terms.Select(Sigma))}{(plan.Noise.Sigmas is null ? "" : ", planned at the upper limit of every sigma")}";
        console.WriteLine($"{plan.Model.Name} ({plan.Model.Sha256[..12]}), noise {noise}, method {plan.Method.Name}, per {plan.Granularity}, learned at {Number(plan.Method.Budget)} {plan.Noise.EnergyUnit}");
        if (!plan.Prediction.Reachable)
        {
            console.WriteLine($"warning: {plan.Prediction.Reason}");
        }

        if (plan.Layers.Any(layer => layer.Digital is not null))
        {
            console.WriteLine(plan.Layers.All(layer => layer.Digital?.FullScale is not null)
                ? "with full scales, digital gains and offsets of its own, which the file holds for each channel"
                : "with digital gains and offsets of its own, which the file holds for each channel");
        }

        if (plan.Grids is { } grids)
        {
            console.WriteLine(Text(
                $"on {grids.InputBits}-bit grids ({grids.Rule}) without noise {100 * grids.Accuracy:0.00} %, in float32 {100 * grids.FloatAccuracy:0.00} %: ")
                + Text($"{100 * (grids.FloatAccuracy - grids.Accuracy):0.00} points lost [{100 * grids.LossLow:0.00}, {100 * grids.LossHigh:0.00}] (95 %, {grids.Examples:N0} examples)"));
        }

        foreach (string advice in plan.Advice)
        {
            console.WriteLine($"advice: {advice}");
        }

        foreach (string assumption in plan.Assumptions)
        {
            console.WriteLine($"assumes: {assumption}");
        }

        console.WriteLine(plan.Certificate is { } verdict ? $"{verdict.Verdict}: {verdict.Reason}" : "not certified");
    }

    private static void Declared(PlanFile plan, IAnsiConsole console)
    {
        Table table = Right(
            "Declared by the device for one example: profile values, not measurements", "node", "repeats made by", "K", "energy, J", "of it converters", "reads, s", "cells");
        foreach (PlanLayer layer in plan.Layers)
        {
            table.AddRow(
                Markup.Escape(layer.Name), layer.Mode, EnergyOf(layer), Number(layer.Declared!.Joules), Converters([layer.Declared]), Number(layer.Declared.Seconds),
                Count((long)layer.Declared.Cells));
        }

        table.AddRow(
            "all layers, one after the other", "", "", Number(plan.Layers.Sum(layer => layer.Declared!.Joules)), Converters([.. plan.Layers.Select(layer => layer.Declared!)]),
            Number(plan.Layers.Sum(layer => layer.Declared!.Seconds)),
            Count((long)plan.Layers.Sum(layer => layer.Declared!.Cells)));
        console.Write(table);
    }

    private static string Converters(PlanDeclared[] layers)
    {
        double joules = layers.Sum(layer => layer.Joules);
        return layers.Any(layer => layer.ConverterJoules is null) ? "not told"
            : joules > 0 ? Text($"{100 * layers.Sum(layer => layer.ConverterJoules!.Value) / joules:0.0} %")
            : "-";
    }

    /// <summary>Mean noise bits of a plan over output elements (Garg et al. 2021, eq. 8), and as the authors' code prints them.</summary>
    public static string MeanBits(PlanFile plan) =>
        AverageNoiseBits.Of(plan.Layers, ReferenceProfile.Corrected) is { } bits
            ? Text($"mean over output elements {bits:0.00} (eq. 8); as the authors' code prints it {Known(AverageNoiseBits.Of(plan.Layers, ReferenceProfile.PaperCode))} (log2(levels - 1), levels rounded up)")
            : "no mean over output elements (eq. 8): not every layer has noise bits";

    /// <summary>A table with figures on the right.</summary>
    public static Table Right(string title, params string[] columns)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        if (title.Length > 0)
        {
            table.Title(title);
        }

        for (int i = 0; i < columns.Length; i++)
        {
            table.AddColumn(new TableColumn(columns[i]) { Alignment = i == 0 ? Justify.Left : Justify.Right });
        }

        return table;
    }

    /// <summary>Four significant digits.</summary>
    public static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>An interval, or that it is not bounded.</summary>
    public static string Limits(double? low, double? high, double scale, string level) =>
        low is { } from && high is { } to ? $"{Number(scale * from)} - {Number(scale * to)} ({level})" : $"not bounded ({level})";

    /// <summary>With thousands set apart.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    // What an example takes of a network: its multiply-accumulates with the reads or photons of each.
    private static string[] OfExample(PlanFile plan)
    {
        double macs = plan.Layers.Sum(layer => (double)layer.Macs * layer.Passes);
        double total = plan.Layers.Sum(layer => layer.MeanEnergy() * layer.Macs * layer.Passes);
        bool photons = plan.Noise.EnergyUnit.StartsWith("photons", StringComparison.Ordinal);
        return
        [
            "energy of one example",
            Number(total),
            Limits(plan.Energy.Low, plan.Energy.High, total / plan.Energy.PerMac, "95 %"),
            photons
                ? $"photons, {Number(1e9 * total * PhotonEnergy.Joules(TelecomWavelength))} nJ at 1550 nm, {Number(macs)} MACs"
                : $"multiply-accumulates read, {Number(macs)} of them once",
        ];
    }

    private static string EnergyOf(PlanLayer layer)
    {
        string mean = layer.Repeats is not null && layer.Energy.Length == 1 ? layer.Energy[0].ToString("0", CultureInfo.InvariantCulture) : Number(layer.MeanEnergy());
        return layer.Energy.Length == 1 ? mean : $"{mean} ({Number(layer.Energy.Min())} to {Number(layer.Energy.Max())})";
    }

    private static string Sigma(PlanNoiseTerm term)
    {
        string high = term.High is { } limit ? Number(limit) : "not bounded";
        return term.Present ? Text($"{term.Name} {Number(term.Sigma)} [{Number(term.Low)}, {high}] (95 %, of full scale, n {term.N:N0})")
            : Text($"{term.Name} not told from 0{(term.High is null ? "" : $", below {high}")} (95 %, of full scale, n {term.N:N0})");
    }

    private static string Known(double? value) => value is { } known ? Text($"{known:0.00}") : "nothing finite";

    private static string Percent(double fraction) => Text($"{100 * fraction:0.0} %");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
