using System.Text;
using AnalogHil.Daemon.Reports;

namespace AnalogHil.PaperStudy.Document;

/// <summary>Pieces of the document.</summary>
internal static class Markdown
{
    /// <summary>A table; headings that start with '#' hold figures and are set to the right.</summary>
    public static string Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder();
        text.Append("| ").AppendJoin(" | ", headings.Select(heading => heading.TrimStart('#'))).Append(" |\n");
        text.Append('|').AppendJoin("|", headings.Select(heading => heading.StartsWith('#') ? " ---: " : " --- ")).Append("|\n");
        foreach (IReadOnlyList<string> row in rows)
        {
            text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        }

        return text.Append('\n').ToString();
    }

    /// <summary>"value [low, high]" of a positive figure; where the interval spans a multiple, its half-width says nothing about digits.</summary>
    public static string Interval(double value, double low, double high) => high < 3 * low
        ? Figures.WithInterval(value, low, high)
        : $"{Figures.Significant(value, 2)} [{Figures.Significant(low, 2)}, {Figures.Significant(high, 2)}]";

    /// <summary>Points of accuracy from fractions.</summary>
    public static string Points(double drop, double low, double high) => Figures.WithInterval(100 * drop, 100 * low, 100 * high);

    /// <summary>Seconds, minutes or hours.</summary>
    public static string Time(double seconds) => seconds switch
    {
        0 => "0",
        < 100 => $"{Figures.Significant(seconds, 2)} s",
        < 6000 => $"{Figures.Significant(seconds / 60, 2)} min",
        _ => $"{Figures.Significant(seconds / 3600, 2)} h",
    };
}
