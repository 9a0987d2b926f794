using System.Globalization;
using System.Text;

namespace AnalogHil.Daemon.Reports.Charts;

/// <summary>An inline SVG picture under construction. Lengths are in CSS pixels at its natural size; looks come from the page's classes.</summary>
internal sealed class SvgCanvas
{
    private readonly StringBuilder _body = new();
    private readonly string _title;
    private readonly string _description;

    /// <summary>Starts a picture.</summary>
    /// <param name="width">Natural width.</param>
    /// <param name="height">Natural height.</param>
    /// <param name="title">Its name for readers who do not see it.</param>
    /// <param name="description">What it shows, with the figures that matter.</param>
    public SvgCanvas(double width, double height, string title, string description)
    {
        Width = width;
        Height = height;
        _title = title;
        _description = description;
    }

    /// <summary>Natural width.</summary>
    public double Width { get; }

    /// <summary>Natural height.</summary>
    public double Height { get; }

    public void Line(double x1, double y1, double x2, double y2, string look, string? hint = null) =>
        Element($"<line x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\" class=\"{look}\"", "line", hint);

    public void Rectangle(double x, double y, double width, double height, string look, string? hint = null) =>
        Element($"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(Math.Max(width, 0))}\" height=\"{N(Math.Max(height, 0))}\" class=\"{look}\"", "rect", hint);

    public void Circle(double x, double y, double radius, string look, string? hint = null) =>
        Element($"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(radius)}\" class=\"{look}\"", "circle", hint);

    public void Square(double x, double y, double radius, string look, string? hint = null) =>
        Rectangle(x - radius, y - radius, 2 * radius, 2 * radius, look, hint);

    public void Diamond(double x, double y, double radius, string look, string? hint = null) =>
        Element($"<path d=\"M{N(x)} {N(y - radius)}L{N(x + radius)} {N(y)}L{N(x)} {N(y + radius)}L{N(x - radius)} {N(y)}Z\" class=\"{look}\"", "path", hint);

    public void Polyline(IEnumerable<(double X, double Y)> points, string look) =>
        _body.Append($"<polyline points=\"{Points(points)}\" class=\"{look}\"/>\n");

    public void Polygon(IEnumerable<(double X, double Y)> points, string look) =>
        _body.Append($"<polygon points=\"{Points(points)}\" class=\"{look}\"/>\n");

    /// <param name="x">Anchor.</param>
    /// <param name="y">Base line.</param>
    /// <param name="text">Plain text.</param>
    /// <param name="anchor">"start", "middle" or "end".</param>
    /// <param name="look">Class.</param>
    /// <param name="turned">Whether it reads upwards.</param>
    public void Text(double x, double y, string text, string anchor = "start", string look = "", bool turned = false)
    {
        string turn = turned ? $" transform=\"rotate(-90 {N(x)} {N(y)})\"" : "";
        _body.Append($"<text x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\" class=\"{look}\"{turn}>{Html.Text(text)}</text>\n");
    }

    /// <summary>A value with its interval, upright.</summary>
    public void WhiskerUpright(double x, double low, double high, string look)
    {
        Line(x, low, x, high, look);
        Line(x - 4, low, x + 4, low, look);
        Line(x - 4, high, x + 4, high, look);
    }

    /// <summary>A value with its interval, lying.</summary>
    public void WhiskerLying(double y, double low, double high, string look)
    {
        Line(low, y, high, y, look);
        Line(low, y - 4, low, y + 4, look);
        Line(high, y - 4, high, y + 4, look);
    }

    /// <summary>The whole element.</summary>
    public override string ToString()
    {
        // The names are derived from the content: the same record gives the same page, and two charts on one page do not share a name.
        string id = "c" + Fingerprint(_title + _description + _body.Length.ToString(CultureInfo.InvariantCulture));
        return $"<svg viewBox=\"0 0 {N(Width)} {N(Height)}\" role=\"img\" aria-labelledby=\"{id}t {id}d\">\n"
            + $"<title id=\"{id}t\">{Html.Text(_title)}</title>\n<desc id=\"{id}d\">{Html.Text(_description)}</desc>\n{_body}</svg>\n";
    }

    private static string Fingerprint(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));

    private static string Points(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(point => $"{N(point.X)},{N(point.Y)}"));

    private static string N(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    private void Element(string open, string name, string? hint) =>
        _body.Append(hint is null ? $"{open}/>\n" : $"{open}><title>{Html.Text(hint)}</title></{name}>\n");
}
