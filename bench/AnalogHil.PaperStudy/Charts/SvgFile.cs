using AnalogHil.Daemon.Reports;
using AnalogHil.Daemon.Reports.Charts;

namespace AnalogHil.PaperStudy.Charts;

/// <summary>A picture of the report as a file of its own, with the report's look in it.</summary>
internal static class SvgFile
{
    public static string Of(SvgCanvas canvas)
    {
        string svg = canvas.ToString();
        int end = svg.IndexOf('>', StringComparison.Ordinal);
        return svg[..end].Replace("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", StringComparison.Ordinal)
            + $" width=\"{canvas.Width:0}\" height=\"{canvas.Height:0}\">\n<style>\n{ReportStyle.Css}\nsvg {{ background: var(--card); }}\n</style>" + svg[(end + 1)..];
    }
}
