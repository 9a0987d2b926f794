using System.Globalization;
using System.Text;

namespace AnalogHil.Daemon.Telemetry.Exposition;

/// <summary>
/// Metrics as text: the exposition format 0.0.4 of Prometheus, or OpenMetrics 1.0, which adds units, an end mark, and names a counter
/// without "_total". Both are lines of UTF-8.
/// </summary>
internal static class PrometheusText
{
    /// <summary>Content type of the older format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Content type of OpenMetrics.</summary>
    public const string OpenMetricsContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary>Writes families in their order; those without a series are left out.</summary>
    public static string Write(IEnumerable<MetricFamily> families, bool openMetrics)
    {
        var text = new StringBuilder();
        long leftOut = 0;
        foreach (MetricFamily family in families)
        {
            leftOut += family.LeftOut;
            if (family.Snapshot() is { Count: > 0 } series)
            {
                Head(text, family.Name, family.Kind, family.Unit, family.Help, openMetrics);
                foreach (MetricSeries one in series)
                {
                    Samples(text, family, one);
                }
            }
        }

        Head(text, "analoghil_metrics_left_out", MetricKind.Counter, "",
            $"Measurements left out because a metric had {MetricFamily.MostSeries} series already.", openMetrics);
        Sample(text, "analoghil_metrics_left_out_total", "", leftOut);
        return openMetrics ? text.Append("# EOF\n").ToString() : text.ToString();
    }

    /// <summary>Labels as they stand between braces, sorted by name.</summary>
    public static string Labels(MetricSeries series) => string.Join(
        ',', series.Tags.Select(tag => (Name: MetricName.Of(tag.Key, null), tag.Value)).OrderBy(tag => tag.Name, StringComparer.Ordinal)
            .Select(tag => $"{tag.Name}=\"{Escape(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "", quotes: true)}\""));

    private static void Head(StringBuilder text, string name, MetricKind kind, string unit, string help, bool openMetrics)
    {
        string title = kind == MetricKind.Counter && !openMetrics ? name + "_total" : name;
        string type = kind switch { MetricKind.Counter => "counter", MetricKind.Gauge => "gauge", _ => "histogram" };
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {title} {type}\n");
        if (openMetrics && unit.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"# UNIT {title} {unit}\n");
        }

        // The older format leaves quotes in a help text as they are, OpenMetrics escapes them.
        text.Append(CultureInfo.InvariantCulture, $"# HELP {title} {Escape(help, quotes: openMetrics)}\n");
    }

    private static void Samples(StringBuilder text, MetricFamily family, MetricSeries series)
    {
        string labels = Labels(series);
        if (family.Kind != MetricKind.Histogram)
        {
            Sample(text, family.Kind == MetricKind.Counter ? family.Name + "_total" : family.Name, labels, series.Value);
            return;
        }

        long below = 0;
        for (int i = 0; i < series.Buckets.Length; i++)
        {
            below += series.Buckets[i];
            string bound = Number(i < family.Bounds.Count ? family.Bounds[i] : double.PositiveInfinity);
            Sample(text, family.Name + "_bucket", $"{(labels.Length > 0 ? labels + "," : "")}le=\"{bound}\"", below);
        }

        Sample(text, family.Name + "_sum", labels, series.Value);
        Sample(text, family.Name + "_count", labels, series.Count);
    }

    private static void Sample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string value, bool quotes)
    {
        string escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
