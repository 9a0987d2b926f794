using System.Globalization;
using System.Text;

namespace AnalogHil.Benchmarks.Roofline;

/// <summary>GFLOP/s of every product against operations a byte, below the two limits of the machine; both axes logarithmic.</summary>
internal static class RooflineChart
{
    private const double Left = 60;
    private const double Top = 20;
    private const double Width = 640;
    private const double Height = 360;
    private const double LowIntensity = 0.25;
    private const double HighIntensity = 512;
    private const double LowRate = 1;
    private const double HighRate = 256;
    private static readonly string[] _colours = ["#1f6feb", "#d1662f", "#2f9e5f"];

    public static string Draw(MachineLimits limits, IReadOnlyList<(string Name, LayerTime[] Layers)> networks)
    {
        var svg = new StringBuilder();
        void Add(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Left + Width + 20} {Top + Height + 50}\" font-family=\"sans-serif\" font-size=\"11\">");
        Add($"<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        for (double rate = LowRate; rate <= HighRate; rate *= 4)
        {
            Add($"<line x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{Y(rate):0.#}\" y2=\"{Y(rate):0.#}\" stroke=\"#dddddd\"/><text x=\"{Left - 6}\" y=\"{Y(rate) + 4:0.#}\" text-anchor=\"end\">{rate}</text>");
        }

        for (double intensity = LowIntensity; intensity <= HighIntensity; intensity *= 4)
        {
            Add($"<line y1=\"{Top}\" y2=\"{Top + Height}\" x1=\"{X(intensity):0.#}\" x2=\"{X(intensity):0.#}\" stroke=\"#dddddd\"/><text x=\"{X(intensity):0.#}\" y=\"{Top + Height + 15}\" text-anchor=\"middle\">{intensity}</text>");
        }

        double peak = limits.Flops / 1e9;
        double bandwidth = limits.Bandwidth / 1e9;
        double ridge = peak / bandwidth;
        Add($"<path d=\"M{X(LowIntensity):0.#} {Y(LowIntensity * bandwidth):0.#} L{X(ridge):0.#} {Y(peak):0.#} L{X(HighIntensity):0.#} {Y(peak):0.#}\" fill=\"none\" stroke=\"#333333\" stroke-width=\"1.5\"/>");
        Add($"<text x=\"{Left + Width - 4}\" y=\"{Y(peak) - 6:0.#}\" text-anchor=\"end\">{peak:0} GFLOP/s, one thread</text>");
        Add($"<text x=\"{X(LowIntensity) + 8:0.#}\" y=\"{Y(LowIntensity * bandwidth) - 12:0.#}\">{bandwidth:0.#} GB/s, memory</text>");
        for (int i = 0; i < networks.Count; i++)
        {
            string colour = _colours[i % _colours.Length];
            foreach (LayerTime layer in networks[i].Layers.Where(layer => layer.Node is not null))
            {
                double x = X(Math.Clamp(layer.Intensity, LowIntensity, HighIntensity));
                double y = Y(Math.Clamp(layer.Operations / layer.Seconds / 1e9, LowRate, HighRate));
                Add($"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"3\" fill=\"{colour}\" fill-opacity=\"0.65\"><title>{layer.Node!.Name.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)}</title></circle>");
            }

            Add($"<circle cx=\"{Left + Width - 130}\" cy=\"{Top + Height - 14 - 16 * i}\" r=\"4\" fill=\"{colour}\"/><text x=\"{Left + Width - 120}\" y=\"{Top + Height - 10 - 16 * i}\">{networks[i].Name}</text>");
        }

        Add($"<text x=\"{Left + Width / 2}\" y=\"{Top + Height + 36}\" text-anchor=\"middle\">operations a byte (input, weights and output once each)</text>");
        Add($"<text transform=\"translate(14 {Top + Height / 2}) rotate(-90)\" text-anchor=\"middle\">GFLOP/s</text>");
        return svg.Append("</svg>\n").ToString();
    }

    private static double X(double intensity) => Left + Width * Math.Log(intensity / LowIntensity) / Math.Log(HighIntensity / LowIntensity);

    private static double Y(double rate) => Top + Height - Height * Math.Log(Math.Max(rate, LowRate) / LowRate) / Math.Log(HighRate / LowRate);
}
