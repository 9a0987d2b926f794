using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using AnalogHil.Calibration.Archive;

namespace AnalogHil.Daemon.Records;

/// <summary>Keeps raw reads as one .npy table per series in the folder "reads" of a record; every table can be loaded at any time, also after a crash.</summary>
public sealed class NpyReadArchive : IReadArchive, IDisposable
{
    /// <summary>Folder inside the record's directory.</summary>
    public const string Folder = "reads";

    private readonly Dictionary<string, NpyTable> _tables = [];
    private readonly string _directory;

    /// <summary>Keeps reads in a record's directory. The folder is made with the first table; tables of an earlier run stay as they are, and those of this run get the next number: "name.2.npy".</summary>
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
            table = new NpyTable(FreePath(name), columns);
            _tables.Add(name, table);
        }

        if (table.Columns != columns)
        {
            throw new ArgumentException($"series {name} has {table.Columns} columns, {columns} given", nameof(columns));
        }

        table.Append(reads);
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

    private string FreePath(string name)
    {
        Directory.CreateDirectory(_directory);
        string path = Path.Combine(_directory, name + ".npy");
        for (int run = 2; File.Exists(path); run++)
        {
            path = Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"{name}.{run}.npy"));
        }

        return path;
    }
}
