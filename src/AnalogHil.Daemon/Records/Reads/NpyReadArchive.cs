using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using AnalogHil.Calibration.Archive;
using AnalogHil.Daemon.Records.Provenance;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Daemon.Records.Reads;

/// <summary>
/// Keeps raw reads as one .npy table per series in the folder "reads" of a record; every table can be loaded at any time, also after a crash. With the
/// provenance, calls and gains beside them, <see cref="FolderReadArchive.Load"/> takes the folder for a fit without the device.
/// </summary>
public sealed class NpyReadArchive : IDescribedReadArchive, IDisposable
{
    /// <summary>Folder inside the record's directory.</summary>
    public const string Folder = "reads";

    private readonly Dictionary<string, NpyTable> _tables = [];
    private readonly string _directory;
    private ArchiveProvenance? _provenance;
    private ReadoutCorrection? _correction;
    private int _run;
    private long _calls;

    /// <summary>Keeps reads in a record's directory. The folder is made with the first table; files of an earlier run stay as they are, and all of this run get the next number: "name.2.npy".</summary>
    /// <param name="recordDirectory">Directory of the record.</param>
    public NpyReadArchive(string recordDirectory) => _directory = Path.GetFullPath(Path.Combine(recordDirectory, Folder));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The name is no plain file name, the length is not vectors x columns, or the series has another number of columns.</exception>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Append(string name, ReadOnlySpan<float> reads, int vectors, int columns)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            throw new ArgumentException($"series \"{name}\" cannot name a file; use lower-case letters, digits and hyphens", nameof(name));
        }

        if (reads.Length != (long)vectors * columns)
        {
            throw new ArgumentException($"series {name}: {reads.Length} reads given, {vectors} vectors of {columns} columns announced", nameof(reads));
        }

        if (!_tables.TryGetValue(name, out NpyTable? table))
        {
            table = new NpyTable(OfRun(name + ".npy"), columns);
            _tables.Add(name, table);
        }

        if (table.Columns != columns)
        {
            throw new ArgumentException($"series {name} has {table.Columns} columns, {columns} given", nameof(columns));
        }

        table.Append(reads);
    }

    /// <summary>Begins a measurement. What was kept before, of one that was cut off, stays on disk under its own number; the new one gets the next.</summary>
    /// <inheritdoc/>
    public void Begin(ArchiveProvenance provenance)
    {
        _provenance = provenance;
        if (_tables.Count > 0)
        {
            Dispose();
            _tables.Clear();
            (_run, _calls, _correction) = (0, 0, null);
        }
    }

    /// <inheritdoc/>
    public void Keep(ReadoutCorrection correction)
    {
        _correction = correction;
        if (_calls > 0)
        {
            Write(FolderReadArchive.CorrectionFile, correction);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The archive was not told where the reads come from.</exception>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Append(SeriesDescription series, int tile, ReadOnlySpan<float> reads, int vectors, long saturated, double? seconds = null)
    {
        if (_provenance is null)
        {
            throw new InvalidOperationException($"series {series.Name} comes before the archive was told of which device; begin with its provenance");
        }

        long first = _tables.TryGetValue(series.Name, out NpyTable? table) ? table.Rows : 0;
        Append(series.Name, reads, vectors, series.Columns);
        if (_calls == 0)
        {
            Write(FolderReadArchive.Provenance, _provenance);
            if (_correction is not null)
            {
                Write(FolderReadArchive.CorrectionFile, _correction);
            }
        }

        // After its reads: a line without them would describe nothing.
        File.AppendAllText(OfRun(FolderReadArchive.Calls), FolderReadArchive.CallLine(series, new ReadSegment(_calls++, tile, (int)first, vectors, saturated, seconds)) + "\n");
    }

    /// <summary>Closes every table and says what was kept, by name, with hashes.</summary>
    /// <exception cref="IOException">A file cannot be flushed or read back.</exception>
    public ImmutableArray<RawFileRecord> Close()
    {
        Dispose();
        ImmutableArray<RawFileRecord> files =
        [
            .. _tables.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry =>
            {
                using FileStream file = File.OpenRead(entry.Value.Location);
                return new RawFileRecord(
                    $"{Folder}/{Path.GetFileName(entry.Value.Location)}", entry.Value.Rows, entry.Value.Columns, Convert.ToHexStringLower(SHA256.HashData(file)));
            }),
        ];
        return files;
    }

    /// <summary>Flushes and closes every table.</summary>
    public void Dispose()
    {
        foreach (NpyTable table in _tables.Values)
        {
            table.Dispose();
        }
    }

    // Whole or not at all: half a provenance or correction would take the reads beside it with it.
    private void Write<T>(string file, T value) => AtomicFile.Write(OfRun(file), JsonSerializer.SerializeToUtf8Bytes(value));

    private string OfRun(string file)
    {
        if (_run == 0)
        {
            Directory.CreateDirectory(_directory);
            _run = 1 + Directory.EnumerateFiles(_directory).Select(RunOf).DefaultIfEmpty(0).Max();
        }

        return Path.Combine(_directory, FolderReadArchive.OfRun(file, _run));
    }

    private static int RunOf(string path)
    {
        string[] parts = Path.GetFileName(path).Split('.');
        return parts.Length > 2 && int.TryParse(parts[^2], CultureInfo.InvariantCulture, out int run) ? run : 1;
    }
}
