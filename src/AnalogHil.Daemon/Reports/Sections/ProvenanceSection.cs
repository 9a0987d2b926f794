using System.Globalization;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Provenance;

namespace AnalogHil.Daemon.Reports.Sections;

/// <summary>The bench, the network, and where everything comes from.</summary>
internal static class ProvenanceSection
{
    public static string Bench(CampaignRecord record)
    {
        BenchRecord? bench = record.Bench;
        return Html.Section("Bench, network, data", Html.Facts(
        [
            ("bench", bench?.Name),
            ("architecture", bench is null ? null : bench.Architecture + (bench.Simulated ? ", simulated" : "")),
            ("device", bench is null ? null : $"{bench.Uid}, {bench.Firmware}"),
            ("left in state", bench?.FinalState),
            ("tiles", bench is null ? null : $"{bench.Tiles} of {bench.Rows} \u00d7 {bench.Columns}"),
            ("converters, in / out", bench is null ? null : $"{Bits(bench.DacBits)} / {Bits(bench.AdcBits)}"),
            ("network", record.Model is { } model ? $"{model.Name}, {model.AnalogLayers} analog layers, {Figures.Count(model.Macs)} MACs per image" : null),
            ("products of two activations", record.Model?.ActivationProducts is { } products
                ? $"{products.Nodes.Length} {products.Computed} ({Figures.Count(products.Macs)} MACs per image): {products.Reason}; {string.Join(", ", products.Nodes)}" : null),
            ("data", record.Data?.Name),
            ("images: calibration, search, certification", record.Data is { } data
                ? $"{Figures.Count(data.CalibrationImages)}, {Figures.Count(data.SearchImages)}, {Figures.Count(data.CertificationImages)}" : null),
            ("target", record.Target is { } target ? $"drop below {Figures.Significant(target.MaxDrop)} {target.Unit}, one-sided level {Figures.Percent(1 - target.OneSidedAlpha, 0)}" : null),
        ]));

        static string Bits(int bits) => bits == 0 ? "ideal" : $"{bits} bit";
    }

    public static string Notes(string heading, IReadOnlyCollection<string> notes) => notes.Count == 0
        ? ""
        : Html.Section(heading, "<ul>\n" + string.Concat(notes.Select(note => $"<li>{Html.Text(note)}</li>\n")) + "</ul>\n");

    public static string Render(ProvenanceRecord provenance)
    {
        string files = provenance.RawFiles.Length == 0
            ? ""
            : Html.Table(
                "Raw reads kept beside this report (NumPy tables of float32, one row an execution, one column a tile column)",
                ["file", "#rows", "#columns", "SHA-256"],
                provenance.RawFiles.Select(file => (IReadOnlyList<string>)
                [
                    file.File, Figures.Count(file.Rows), Figures.Count(file.Columns), file.Sha256,
                ]));
        return Html.Section(
            "Provenance",
            Html.Facts(
            [
                ("started, UTC", Time(provenance.Started)),
                ("finished, UTC", provenance.Finished is { } finished ? Time(finished) : "not finished"),
                ("seed", provenance.Seed.ToString(CultureInfo.InvariantCulture)),
                ("commit", provenance.Commit),
                ("version", provenance.Version),
                ("machine", provenance.Machine),
                ("bench file", provenance.Inputs?.Bench),
                ("model file", provenance.Inputs?.Model),
                ("data", provenance.Inputs?.Data),
                ("model SHA-256", provenance.ModelSha256),
                ("bench SHA-256", provenance.BenchSha256),
                ("data SHA-256", provenance.DataSha256),
                ("time by step", provenance.Phases.Length == 0 ? null
                    : string.Join(", ", provenance.Phases.Select(phase => $"{phase.Phase} {Figures.Fixed(phase.Seconds, 1)} s"))),
            ])
            + files);
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
