using System.Net;
using System.Text;

namespace AnalogHil.Daemon.Reports;

/// <summary>Pieces of the page. Everything that comes from a record goes through <see cref="Text"/>.</summary>
internal static class Html
{
    /// <summary>Text made harmless.</summary>
    public static string Text(string? text) => WebUtility.HtmlEncode(text ?? "\u2013");

    /// <summary>A section with its heading.</summary>
    public static string Section(string heading, string content) => $"<section>\n<h2>{Text(heading)}</h2>\n{content}</section>\n";

    /// <summary>A table that scrolls sideways on narrow screens.</summary>
    /// <param name="caption">What it shows, with units; becomes its accessible name.</param>
    /// <param name="headings">One per column; those that start with '#' hold figures and are set to the right.</param>
    /// <param name="rows">Cells as text.</param>
    public static string Table(string caption, IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var html = new StringBuilder();
        html.Append($"<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"{Text(caption)}\"><table>\n<caption>{Text(caption)}</caption>\n<thead><tr>");
        foreach (string heading in headings)
        {
            html.Append($"<th scope=\"col\"{Align(heading)}>{Text(heading.TrimStart('#'))}</th>");
        }

        html.Append("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<string> row in rows)
        {
            html.Append("<tr>");
            for (int column = 0; column < row.Count; column++)
            {
                html.Append(column == 0 ? $"<th scope=\"row\">{Text(row[0])}</th>" : $"<td{Align(headings[column])}>{Text(row[column])}</td>");
            }

            html.Append("</tr>\n");
        }

        return html.Append("</tbody></table></div>\n").ToString();
    }

    /// <summary>Names and values, one pair a line.</summary>
    public static string Facts(IEnumerable<(string Name, string? Value)> facts) =>
        "<dl class=\"facts\">\n" + string.Concat(facts.Where(fact => fact.Value is not null).Select(
            fact => $"<div><dt>{Text(fact.Name)}</dt><dd{(IsHash(fact.Value!) ? " class=\"hash\"" : "")}>{Text(fact.Value)}</dd></div>\n")) + "</dl>\n";

    /// <summary>A chart with what it shows in words below it.</summary>
    public static string Figure(string svg, string caption) => $"<figure>{svg}<figcaption>{Text(caption)}</figcaption></figure>\n";

    /// <summary>Figures side by side where there is room.</summary>
    public static string Row(params IEnumerable<string> figures) => $"<div class=\"row\">\n{string.Concat(figures)}</div>\n";

    /// <summary>Small figures, up to three side by side.</summary>
    public static string SmallRow(params IEnumerable<string> figures) => $"<div class=\"row small\">\n{string.Concat(figures)}</div>\n";

    /// <summary>A cell of a column that only some tables have.</summary>
    public static IEnumerable<string> When(bool shown, string cell) => shown ? [cell] : [];

    private static bool IsHash(string value) => value.Length >= 40 && value.All(char.IsAsciiHexDigit);

    private static string Align(string heading) => heading.StartsWith('#') ? " class=\"n\"" : "";
}
