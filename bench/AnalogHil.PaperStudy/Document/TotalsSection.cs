using AnalogHil.Daemon.Reports;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.PaperStudy.Running;

namespace AnalogHil.PaperStudy.Document;

/// <summary>Total energy of ResNet-50 against MobileNetV2 at equal accuracy: few cheap multiply-accumulates or many that tolerate noise.</summary>
internal static class TotalsSection
{
    private const string Explanation =
        "E x MACs of one image, in billions of reads for thermal and weight noise and in nJ for shot noise, at the accuracy that MobileNetV2 keeps when it loses 2 points on the search split. ResNet-50 may lose until it "
        + "comes down to that; its energy there, shared between layers as at 2 points, was found on the same images. [draws]: 95 % over 5 noise draws, these images. [images]: 95 % for images like these; open above where ResNet-50 may be no more "
        + "accurate than MobileNetV2 at its drop, for then no energy may be enough; the errors of the slopes are not counted. Multiplications only: converters and weights that must be held or written favour the smaller network further.\n\n";

    private static readonly string[] Laws = ["thermal", "weight", "shot"];
    /// <summary>The section.</summary>
    /// <param name="cells">Cells of the study.</param>
    /// <param name="pointOf">The measurement at equal accuracy for cells of both networks, the larger first; null where there is none.</param>
    public static string Text(IReadOnlyDictionary<CellKey, CellResult> cells, Func<CellResult, CellResult, EqualPoint?> pointOf)
    {
        var rows = new List<string[]>();
        var missing = new List<(string Law, string Method, string Why)>();
        foreach (string law in Laws)
        {
            foreach (string method in EqualAccuracyStudy.Methods)
            {
                CellResult? large = cells.GetValueOrDefault(new CellKey(EqualAccuracyStudy.Large, law, method));
                CellResult? small = cells.GetValueOrDefault(new CellKey(EqualAccuracyStudy.Small, law, method));
                EqualPoint? point = large is null || small is null ? null : pointOf(large, small);
                if (point is not null && EqualAccuracy.Of(large!, small!, point) is { } equal)
                {
                    rows.Add(Line(law, method, equal));
                }
                else
                {
                    missing.Add((law, MethodIds.Title(method), Why(large, small, point)));
                }
            }
        }

        string open = missing.Count == 0
            ? ""
            : $"Not there: {string.Join("; ", missing.GroupBy(one => (one.Law, one.Why)).Select(group => $"{group.Key.Law}, {string.Join(" and ", group.Select(one => one.Method))}: {group.Key.Why}"))}. "
                + "`dotnet run -c Release --project bench/AnalogHil.PaperStudy -- --equal-accuracy` measures what these cells of both networks allow.\n\n";
        return "## Whole networks at equal accuracy\n\n" + (rows.Count == 0 ? "" : Explanation + Markdown.Table(
            ["law", "method", "#accuracy", "#ResNet-50 may lose, points [images]", "#ResNet-50 [draws]", "#MobileNetV2 [draws]", "#ResNet-50 / MobileNetV2 [draws]", "#[images]"], rows)) + open;
    }

    private static string[] Line(string law, string method, EqualAccuracy equal)
    {
        double scale = 1e-9 * (law == "shot" ? LawCase.AttojoulesPerPhoton : 1);
        return
        [
            law, MethodIds.Title(method), $"{Figures.Fixed(100 * equal.Accuracy, 1)} %",
            Markdown.Points(equal.MayLose.Value, equal.MayLose.Interval.Low, equal.MayLose.Interval.High),
            Interval(equal.Large, scale), Interval(equal.Small, scale), Interval(equal.Ratio, 1),
            $"[{Figures.Significant(equal.ForImages.Low, 2)}, {(double.IsFinite(equal.ForImages.High) ? Figures.Significant(equal.ForImages.High, 2) : "not bounded")}]",
        ];
    }

    private static string Interval(Core.Statistics.Estimate estimate, double scale) =>
        Markdown.Interval(scale * estimate.Value, scale * estimate.Interval.Low, scale * estimate.Interval.High);

    private static string Why(CellResult? large, CellResult? small, EqualPoint? point) => (large, small) switch
    {
        (null, null) => "neither is run",
        (null, _) => "ResNet-50 is not run",
        (_, null) => "MobileNetV2 is not run",
        _ when point is not null => point.Energy.Reason,
        _ when !large.Energy.Reached || !small.Energy.Reached => $"{(large.Energy.Reached ? "MobileNetV2" : "ResNet-50")}: {(large.Energy.Reached ? small : large).Energy.Absence}",
        _ when !(EqualAccuracy.LossAllowed(large, small) > 0) => "ResNet-50 is not the more accurate on these images",
        _ => "not measured",
    };
}
