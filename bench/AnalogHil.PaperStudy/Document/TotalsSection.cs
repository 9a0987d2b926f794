using AnalogHil.Daemon.Reports;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Networks;

namespace AnalogHil.PaperStudy.Document;

/// <summary>Total energy of ResNet-50 against MobileNetV2 at equal accuracy: few cheap multiply-accumulates or many that tolerate noise.</summary>
internal static class TotalsSection
{
    private const string Large = "resnet50";
    private const string Small = "mobilenetv2";

    private static readonly string[] Laws = ["thermal", "weight", "shot"];
    private static readonly string[] Methods = [MethodIds.Uniform, MethodIds.PaperLayer, MethodIds.OursLayer, MethodIds.OursFullLayer, MethodIds.OursFullChannel];

    public static string Text(IReadOnlyDictionary<CellKey, CellResult> cells)
    {
        var rows = new List<string[]>();
        var missing = new List<(string Law, string Method, string Why)>();
        foreach (string law in Laws)
        {
            foreach (string method in Methods)
            {
                CellResult? large = cells.GetValueOrDefault(new CellKey(Large, law, method));
                CellResult? small = cells.GetValueOrDefault(new CellKey(Small, law, method));
                if (large is not null && small is not null && EqualAccuracy.Of(large, small) is { } equal)
                {
                    rows.Add(Line(law, method, equal));
                }
                else
                {
                    missing.Add((law, MethodIds.Title(method), Why(large, small)));
                }
            }
        }

        string open = missing.Count == 0
            ? ""
            : $"Not there: {string.Join("; ", missing.GroupBy(one => (one.Law, one.Why)).Select(group => $"{group.Key.Law}, {string.Join(" and ", group.Select(one => one.Method))}: {group.Key.Why}"))}.\n\n";
        return rows.Count == 0
            ? "## Whole networks at equal accuracy\n\nTotal energy of ResNet-50 against MobileNetV2 needs cells of both. " + open
            : "## Whole networks at equal accuracy\n\n"
                + "E x MACs of one image, in billions of reads for thermal and weight noise and in nJ for shot noise, at the accuracy that MobileNetV2 keeps when it loses 2 points. ResNet-50 may lose more until it comes down to that; its energy there is "
                + "**extrapolated** from 2 points by drop ~ E^-p with the p of its measured slope. 95 % intervals: of the drops on the search splits, of both accuracies there (the larger part, for the splits are small), and down to a drop that is linear in ln E. **The error of the slope itself is not in them**; where its interval over the draws may include 0 nothing is extrapolated. "
                + "Multiplications only: converters and weights that must be held or written favour the smaller network further.\n\n"
                + Markdown.Table(["law", "method", "#accuracy", "#ResNet-50 may lose, points", "#ResNet-50", "#MobileNetV2", "#ResNet-50 / MobileNetV2"], rows)
                + open;
    }

    private static string[] Line(string law, string method, EqualAccuracy equal)
    {
        double scale = 1e-9 * (law == "shot" ? LawCase.AttojoulesPerPhoton : 1);
        return
        [
            law, MethodIds.Title(method), $"{Figures.Fixed(100 * equal.Accuracy, 1)} %", Figures.Fixed(100 * equal.Allowed, 1),
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
