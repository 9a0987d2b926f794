namespace AnalogHil.Calibration.Archive;

/// <summary>Keeps every series in memory, for tests and small devices.</summary>
public sealed class MemoryReadArchive : IReadArchive
{
    private readonly Dictionary<string, (int Columns, List<float> Reads)> _series = [];

    /// <summary>Names in order of first appearance.</summary>
    public IReadOnlyCollection<string> Names => _series.Keys;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The length is not vectors x columns, or the series has another number of columns.</exception>
    public void Append(string name, ReadOnlySpan<float> reads, int vectors, int columns)
    {
        if (reads.Length != vectors * columns)
        {
            throw new ArgumentException($"{reads.Length} reads given, {vectors} vectors of {columns} columns announced", nameof(reads));
        }

        if (!_series.TryGetValue(name, out (int Columns, List<float> Reads) series))
        {
            series = (columns, []);
            _series.Add(name, series);
        }

        if (series.Columns != columns)
        {
            throw new ArgumentException($"series {name} has {series.Columns} columns, {columns} given", nameof(columns));
        }

        series.Reads.AddRange(reads);
    }

    /// <summary>Reads of a series, [vectors x columns] row-major.</summary>
    /// <exception cref="KeyNotFoundException">No such series.</exception>
    public (float[] Reads, int Columns) Read(string name) => (_series[name].Reads.ToArray(), _series[name].Columns);
}
