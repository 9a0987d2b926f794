using System.Collections.Immutable;

namespace AnalogHil.Devices.Benches;

/// <summary>The benches of a folder.</summary>
public static class BenchCatalog
{
    /// <summary>Every *.json of <paramref name="directory"/> in order of name; wrong files are listed with their errors, not left out.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static ImmutableArray<BenchCatalogEntry> List(string directory) =>
        [.. Directory.GetFiles(directory, "*.json").Order(StringComparer.Ordinal).Select(Read)];

    private static BenchCatalogEntry Read(string path)
    {
        try
        {
            return new BenchCatalogEntry(path, BenchFile.Load(path), []);
        }
        catch (BenchFileException error)
        {
            return new BenchCatalogEntry(path, null, error.Errors);
        }
    }
}
