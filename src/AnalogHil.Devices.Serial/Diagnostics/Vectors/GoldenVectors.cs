using System.Collections.Immutable;

namespace AnalogHil.Devices.Serial.Diagnostics.Vectors;

/// <summary>
/// Golden vectors of the link: frames with their bytes on the wire, candidates that must be refused with the reason, structs with their fields and
/// bytes, and the
/// hash of the schema that they belong to.
/// </summary>
public sealed class GoldenVectors
{
    /// <summary>Names of the files that a set of vectors consists of.</summary>
    public static ImmutableArray<string> Files { get; } = ["schema.txt", "frames.txt", "broken.txt", "messages.txt"];

    private readonly Dictionary<string, string> _texts;

    private GoldenVectors(string source, Dictionary<string, string> texts) => (Source, _texts) = (source, texts);

    /// <summary>Where they come from.</summary>
    public string Source { get; }

    /// <summary>Those of this program.</summary>
    public static GoldenVectors OfThisProgram { get; } = new("this program", Files.ToDictionary(file => file, Embedded));

    /// <summary>Vectors of a directory, such as another implementation's.</summary>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static GoldenVectors Read(string directory) => new(
        directory, Files.ToDictionary(file => file, file => File.ReadAllText(Path.Combine(directory, file))));

    /// <summary>The text of one file.</summary>
    public string TextOf(string file) => _texts[file];

    /// <summary>The lines of one file that hold a vector.</summary>
    public IEnumerable<string> LinesOf(string file) => TextOf(file).Split('\n').Where(line => line.Length > 0 && line[0] != '#');

    /// <summary>Writes all files.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Write(string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (string file in Files)
        {
            File.WriteAllText(Path.Combine(directory, file), TextOf(file));
        }
    }

    private static string Embedded(string file)
    {
        using var reader = new StreamReader(typeof(GoldenVectors).Assembly.GetManifestResourceStream("vectors/" + file)!);
        return reader.ReadToEnd();
    }
}
