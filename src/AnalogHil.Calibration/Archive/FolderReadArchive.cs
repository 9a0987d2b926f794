using System.Globalization;
using System.Text.Json;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Calibration.Archive;

/// <summary>
/// A folder of reads: one .npy table a series, provenance.json, and calls.jsonl with one line a call. A call's line is written after its reads, so
/// that a process that dies at any moment leaves an archive of all calls before; opening the folder again goes on from there.
/// </summary>
public sealed class FolderReadArchive : IDescribedReadArchive
{
    /// <summary>File of the provenance.</summary>
    public const string Provenance = "provenance.json";

    /// <summary>File of the calls, one a line (<see cref="CallLine"/>).</summary>
    public const string Calls = "calls.jsonl";

    /// <summary>File of the columns' gains and offsets.</summary>
    public const string CorrectionFile = "correction.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly string _folder;
    private readonly Dictionary<string, (SeriesDescription Series, int Vectors)> _series = [];
    private readonly Dictionary<(string Series, int Tile), int> _vectors = [];
    private long _sequence;

    private FolderReadArchive(string folder) => _folder = folder;

    /// <summary>Begins an archive, or goes on with the one that is there.</summary>
    /// <param name="folder">Made if missing.</param>
    /// <param name="provenance">Where the reads come from; an archive of another device or boot is not mixed into.</param>
    /// <exception cref="InvalidOperationException">The folder holds reads of another device or boot.</exception>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public static FolderReadArchive Open(string folder, ArchiveProvenance provenance)
    {
        Directory.CreateDirectory(folder);
        var archive = new FolderReadArchive(folder);
        string path = Path.Combine(folder, Provenance);
        if (!File.Exists(path))
        {
            File.WriteAllText(path, JsonSerializer.Serialize(provenance, Indented));
            return archive;
        }

        ArchivedReads there = Load(folder);
        if (there.Provenance.Device != provenance.Device)
        {
            throw new InvalidOperationException(
                $"{folder} holds reads of {there.Provenance.Device.Uid} (boot {there.Provenance.Device.BootId}), "
                    + $"not of {provenance.Device.Uid} (boot {provenance.Device.BootId}); "
                + "columns and fixed patterns differ after a boot: use a new folder");
        }

        // Rows or a line beyond the last whole call are dropped.
        File.WriteAllLines(Path.Combine(folder, Calls), there.Series
            .SelectMany(series => series.Segments.Select(segment => (series, segment))).OrderBy(pair => pair.segment.Sequence)
            .Select(pair => CallLine(pair.series.Description, pair.segment)));
        foreach (ArchivedSeries series in there.Series)
        {
            int vectors = series.Reads.Length / series.Description.Columns;
            archive._series[series.Description.Name] = (series.Description, vectors);
            File.Delete(archive.Table(series.Description.Name));
            ReadTable.Append(archive.Table(series.Description.Name), series.Reads, series.Description.Columns);
            foreach (ReadSegment segment in series.Segments)
            {
                archive.Count(series.Description.Name, segment.Tile, segment.Vectors);
            }

            archive._sequence = Math.Max(archive._sequence, series.Segments.Max(segment => segment.Sequence) + 1);
        }

        return archive;
    }

    /// <summary>Reads a folder; calls whose rows are missing are left out and warned of.</summary>
    /// <param name="folder">Folder.</param>
    /// <param name="run">Which run of a record whose files carry the number of their run from the second on ("calls.2.jsonl").</param>
    /// <exception cref="InvalidDataException">The folder is no archive.</exception>
    public static ArchivedReads Load(string folder, int run = 1)
    {
        string path = Path.Combine(folder, OfRun(Provenance, run));
        ArchiveProvenance provenance = (File.Exists(path) ? JsonSerializer.Deserialize<ArchiveProvenance>(File.ReadAllText(path)) : null)
            ?? throw new InvalidDataException($"{folder} has no {Provenance}: it is no archive of reads, or not the whole of one");
        var warnings = new List<string>();
        var calls = new List<Call>();
        string list = Path.Combine(folder, OfRun(Calls, run));
        string[] lines = File.Exists(list) ? File.ReadAllLines(list) : [];
        for (int i = 0; i < lines.Length; i++)
        {
            try
            {
                calls.Add(JsonSerializer.Deserialize<Call>(lines[i])!);
            }
            catch (JsonException) when (i == lines.Length - 1)
            {
                warnings.Add($"{Calls}: the last line is cut off; its call is left out");
            }
        }

        var found = new List<ArchivedSeries>();
        foreach (IGrouping<string, Call> group in calls.GroupBy(call => call.Series.Name))
        {
            SeriesDescription description = group.First().Series;
            string table = Path.Combine(folder, OfRun(group.Key + ".npy", run));
            float[] reads = File.Exists(table) ? ReadTable.Read(table, group.Sum(call => (long)call.Segment.Vectors), description.Columns) : [];
            ReadSegment[] whole =
                [.. group.Select(call => call.Segment).Where(segment => (segment.FirstVector + segment.Vectors) * (long)description.Columns <= reads.Length)];
            if (whole.Length < group.Count())
            {
                warnings.Add($"{group.Key}.npy holds {reads.Length / description.Columns} rows; "
                    + $"{group.Count() - whole.Length} of {group.Count()} calls are not in it and left out");
            }

            if (whole.Length > 0)
            {
                found.Add(new ArchivedSeries(description, [.. whole], reads[..((whole[^1].FirstVector + whole[^1].Vectors) * description.Columns)]));
            }
        }

        string correction = Path.Combine(folder, OfRun(CorrectionFile, run));
        return new(
            provenance,
            [.. found],
            File.Exists(correction) ? JsonSerializer.Deserialize<ReadoutCorrection>(File.ReadAllText(correction))!
                : ReadoutCorrection.None(provenance.Tiles, provenance.Columns),
            [.. warnings]);
    }

    /// <summary>A file's name in a run: "calls.jsonl" in the first, "calls.2.jsonl" in the second.</summary>
    public static string OfRun(string file, int run) =>
        run == 1 ? file : string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(file)}.{run}{Path.GetExtension(file)}");

    /// <summary>The line that describes a call.</summary>
    public static string CallLine(SeriesDescription series, ReadSegment segment) => JsonSerializer.Serialize(new Call(series, segment));

    /// <summary>Vectors of a series on a tile that are here already: what an acquisition need not read again.</summary>
    public int VectorsOf(string series, int tile) => _vectors.GetValueOrDefault((series, tile));

    /// <inheritdoc/>
    /// <remarks>Reads without conditions cannot be fitted again; they go to a table of their own, outside <see cref="Load"/>.</remarks>
    public void Append(string name, ReadOnlySpan<float> reads, int vectors, int columns) =>
        ReadTable.Append(Table(Checked(name, reads.Length, vectors, columns)), reads, columns);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The name is no plain file name, the length is not vectors x columns, or the series has other conditions
    /// here.</exception>
    public void Append(SeriesDescription series, int tile, ReadOnlySpan<float> reads, int vectors, long saturated, double? seconds = null)
    {
        Checked(series.Name, reads.Length, vectors, series.Columns);
        (SeriesDescription known, int first) = _series.GetValueOrDefault(series.Name, (series, 0));
        if (known != series)
        {
            throw new ArgumentException($"series {series.Name} was read at {known}, not at {series}; give other conditions another name", nameof(series));
        }

        ReadTable.Append(Table(series.Name), reads, series.Columns);
        File.AppendAllText(Path.Combine(_folder, Calls), CallLine(series, new ReadSegment(_sequence++, tile, first, vectors, saturated, seconds)) + "\n");
        _series[series.Name] = (series, first + vectors);
        Count(series.Name, tile, vectors);
    }

    /// <inheritdoc/>
    public void Keep(ReadoutCorrection correction) => File.WriteAllText(Path.Combine(_folder, CorrectionFile), JsonSerializer.Serialize(correction));

    private static string Checked(string name, int reads, int vectors, int columns)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            throw new ArgumentException($"series \"{name}\" cannot name a file; use lower-case letters, digits and hyphens", nameof(name));
        }

        return reads == (long)vectors * columns
            ? name
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"series {name}: {reads} reads given, {vectors} vectors of {columns} columns announced"), nameof(reads));
    }

    private void Count(string series, int tile, int vectors) => _vectors[(series, tile)] = VectorsOf(series, tile) + vectors;

    private string Table(string name) => Path.Combine(_folder, name + ".npy");

    private sealed record Call(SeriesDescription Series, ReadSegment Segment);
}
