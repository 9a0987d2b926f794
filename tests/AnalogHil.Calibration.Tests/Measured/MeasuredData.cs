using System.Globalization;
using System.IO.Compression;

namespace AnalogHil.Calibration.Tests.Measured;

/// <summary>Measurements on real hardware that are not part of the repository; tests that need them say so and end where they are missing.</summary>
internal static class MeasuredData
{
    public static string? Find(string file)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "data", "measured", file);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    public static IEnumerable<double[]> Rows(string path)
    {
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(File.OpenRead(path), CompressionMode.Decompress)
            : File.OpenRead(path);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            if (double.TryParse(cells[0], NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            {
                yield return [.. cells.Select(cell => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN)];
            }
        }
    }
}
