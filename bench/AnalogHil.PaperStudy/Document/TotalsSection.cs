using AnalogHil.Daemon.Reports;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.PaperStudy.Running;

namespace AnalogHil.PaperStudy.Document;

/// <summary>Total energy of ResNet-50 against MobileNetV2 at equal accuracy: few cheap multiply-accumulates or many that tolerate noise.</summary>
internal static class TotalsSection
{
    private static readonly string[] Laws = ["thermal", "weight", "shot"];
    private static readonly string[] Methods = [MethodIds.Uniform, MethodIds.PaperLayer, MethodIds.OursLayer, MethodIds.OursFullLayer, MethodIds.OursFullChannel];

    /// <summary>The section.</summary>
    /// <param name="cells">Cells of the study.</param>
    /// <param name="pointOf">The measurement at equal accuracy for cells of both networks, the larger first; null where there is none.</param>
    public static string Text(IReadOnlyDictionary<CellKey, CellResult> cells, Func<CellResult, CellResult, EqualPoint?> pointOf)
    {
        var rows = new List<string[]>();
        var missing = new List<(string Law, string Method, string Why)>();
        foreach (string law in Laws)
        {
            foreach (string method in Methods)
            {
                CellResult? large = cells.GetValueOrDefault(new CellKey(EqualAccuracyStudy.Large, law, method));
                CellResult? small = cells.GetValueOrDefault(new CellKey(EqualAccuracyStudy.Small, law, method));
                EqualPoint? point = large is null || small is null ? null : pointOf(large, small);
                EqualAccuracy? equal = point is not null ? EqualAccuracy.Of(large!, small!, point)
                    : large is not null && small is not null ? EqualAccuracy.Of(large, small)
                    : null;
                if (equal is not null)
                {
                    rows.Add(Line(law, method, equal));
                }
                else
                {
                    missing.Add((law, MethodIds.Title(method), point is not null ? "ResNet-50 was not seen to come down to that accuracy" : Why(large, small)));
                }
            }
        }

        string open = missing.Count == 0
            ? ""
            : $"Not there: {string.Join("; ", missing.GroupBy(one => (one.Law, one.Why)).Select(group => $"{group.Key.Law}, {string.Join(" and ", group.Select(one => one.Method))}: {group.Key.Why}"))}.\n\n";
        return rows.Count == 0
            ? "## Whole networks at equal accuracy\n\nTotal energy of ResNet-50 against MobileNetV2 needs cells of both. " + open
            : "## Whole networks at equal accuracy\n\n"
                + "E x MACs of one image, in billions of reads for thermal and weight noise and in nJ for shot noise, at the accuracy that MobileNetV2 keeps when it loses 2 points. ResNet-50 may lose more until it comes down to that. "
                + "*measured*: its energy there, shared between layers as at 2 points, found on the same images and 5 paired draws; 95 % intervals of the drops and of both accuracies (the larger part, for the split is small). "
                + "*extrapolated*: from 2 points by drop ~ E^-p with the p of its measured slope, the interval reaching down to a drop that is linear in ln E; the error of the slope itself is not in it, and where its interval over the draws may include 0 nothing is extrapolated. "
                + "Multiplications only: converters and weights that must be held or written favour the smaller network further.\n\n"
                + Markdown.Table(["law", "method", "how", "#accuracy", "#ResNet-50 may lose, points", "#ResNet-50", "#MobileNetV2", "#ResNet-50 / MobileNetV2"], rows)
                + open
                + "`dotnet run -c Release --project bench/AnalogHil.PaperStudy -- --equal-accuracy` measures what cells of both networks allow and is not there.\n\n";
    }

    private static string[] Line(string law, string method, EqualAccuracy equal)
    {
        double scale = 1e-9 * (law == "shot" ? LawCase.AttojoulesPerPhoton : 1);
        return
        [
            law, MethodIds.Title(method), equal.IsMeasured ? "measured" : "extrapolated", $"{Figures.Fixed(100 * equal.Accuracy, 1)} %", Figures.Fixed(100 * equal.Allowed, 1),
            Interval(equal.Large, scale), Interval(equal.Small, scale), Interval(equal.Ratio, 1),
        ];
    }

    private static string Interval(Core.Statistics.Estimate estimate, double scale) =>
        Markdown.Interval(scale * estimate.Value, scale * estimate.Interval.Low, scale * estimate.Interval.High);

    private static string Why(CellResult? large, CellResult? small) => (large, small) switch
    {
        (null, null) => "neither is run",
        (null, _) => "ResNet-50 is not run",
        (_, null) => "MobileNetV2 is not run",
        _ when !large.Energy.Reached || !small.Energy.Reached => $"{(large.Energy.Reached ? "MobileNetV2" : "ResNet-50")}: {(large.Energy.Reached ? small : large).Energy.Absence}",
        _ when EqualAccuracy.SlopeMayBeNone(large.Energy) => "not extrapolated, for the interval of ResNet-50's slope may include 0",
        _ => "ResNet-50 is not the more accurate on these images",
    };
}
