using System.Collections;

namespace Grpc.Core;

/// <summary>Ordered key and value pairs of a call: request headers, response headers or trailers. Keys may repeat.</summary>
public sealed partial class Metadata : IList<Metadata.Entry>
{
    /// <summary>Ending of the keys whose values are bytes.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>No entries; cannot be changed.</summary>
    public static readonly Metadata Empty = new() { IsReadOnly = true };

    private readonly List<Entry> _entries = [];

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public bool IsReadOnly { get; private init; }

    /// <inheritdoc/>
    public Entry this[int index]
    {
        get => _entries[index];
        set => Writable()[index] = value;
    }

    /// <summary>The last entry of a key, or null.</summary>
    /// <param name="key">Case does not matter.</param>
    public Entry? Get(string key) => _entries.FindLast(e => e.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    /// <summary>The last value of a text key, or null.</summary>
    /// <param name="key">Case does not matter; must not end in "-bin".</param>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The last value of a binary key, or null.</summary>
    /// <param name="key">Case does not matter.</param>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>All entries of a key, in order.</summary>
    /// <param name="key">Case does not matter.</param>
    public IEnumerable<Entry> GetAll(string key) => _entries.Where(e => e.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds a text value.</summary>
    /// <param name="key">Letters, digits, '_', '-', '.'; stored in lower case.</param>
    /// <param name="value">Printable ASCII; put other text into a "-bin" key.</param>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>Adds a binary value.</summary>
    /// <param name="key">Must end in "-bin".</param>
    /// <param name="valueBytes">Copied.</param>
    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    /// <inheritdoc/>
    public void Add(Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        Writable().Add(item);
    }

    /// <inheritdoc/>
    public void Clear() => Writable().Clear();

    /// <inheritdoc/>
    public bool Contains(Entry item) => _entries.Contains(item);

    /// <inheritdoc/>
    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public int IndexOf(Entry item) => _entries.IndexOf(item);

    /// <inheritdoc/>
    public void Insert(int index, Entry item) => Writable().Insert(index, item);

    /// <inheritdoc/>
    public bool Remove(Entry item) => Writable().Remove(item);

    /// <inheritdoc/>
    public void RemoveAt(int index) => Writable().RemoveAt(index);

    /// <inheritdoc/>
    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private List<Entry> Writable() =>
        IsReadOnly ? throw new InvalidOperationException("Metadata.Empty cannot be changed; create a new Metadata.") : _entries;
}
