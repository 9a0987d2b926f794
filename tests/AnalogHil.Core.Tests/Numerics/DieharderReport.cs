using System.Globalization;

namespace AnalogHil.Core.Tests.Numerics;

/// <summary>One line of dieharder's answer.</summary>
/// <param name="Test">Name of the test.</param>
/// <param name="Tuple">Length of the words it looks at, or another parameter.</param>
/// <param name="Draws">Draws that one p-value is made of.</param>
/// <param name="Samples">p-values that were compared with the uniform law.</param>
/// <param name="PValue">Kolmogorov-Smirnov p-value of that comparison.</param>
/// <param name="Assessment">PASSED, WEAK (outside 0.005 .. 0.995) or FAILED (outside 1E-6 .. 1 - 1E-6).</param>
internal sealed record DieharderReport(string Test, int Tuple, long Draws, int Samples, double PValue, string Assessment)
{
    public static DieharderReport Parse(string line)
    {
        string[] fields = [.. line.Split(',').Select(field => field.Trim())];
        CultureInfo culture = CultureInfo.InvariantCulture;
        return new DieharderReport(
            fields[0], int.Parse(fields[1], culture), long.Parse(fields[2], culture), int.Parse(fields[3], culture), double.Parse(fields[4], culture), fields[5]);
    }
}
