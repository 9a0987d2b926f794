using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AnalogHil.Daemon.Records.Reads;

/// <summary>A growing table of float32 in a NumPy file (format version 1.0, little-endian, C order): readable by numpy.load after every append.</summary>
internal sealed class NpyTable : IDisposable
{
    // Magic, version and length take 10 bytes; the header is padded so that it never has to grow with the number of rows.
    private const int HeaderLength = 128;
    private readonly FileStream _file;
    private bool _closed;

    /// <summary>Starts an empty table.</summary>
    /// <param name="path">File to be made; it must not be there.</param>
    /// <param name="columns">Values in a row, at least 1.</param>
    /// <exception cref="IOException">The file cannot be written, or is there.</exception>
    public NpyTable(string path, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        Columns = columns;
        Location = path;
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1 << 16);
        WriteHeader();
        _file.Flush();
    }

    /// <summary>The file.</summary>
    public string Location { get; }

    /// <summary>Values in a row.</summary>
    public int Columns { get; }

    /// <summary>Rows so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds rows.</summary>
    /// <param name="values">[rows x Columns] row-major.</param>
    /// <exception cref="ArgumentException">The values do not fill whole rows.</exception>
    public void Append(ReadOnlySpan<float> values)
    {
        if (values.Length % Columns != 0)
        {
            throw new ArgumentException($"{values.Length} values do not fill rows of {Columns}", nameof(values));
        }

        _file.Seek(0, SeekOrigin.End);
        if (BitConverter.IsLittleEndian)
        {
            _file.Write(MemoryMarshal.AsBytes(values));
        }
        else
        {
            Span<byte> bytes = stackalloc byte[4];
            foreach (float value in values)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
                _file.Write(bytes);
            }
        }

        Rows += values.Length / Columns;

        // Data first, then the count that makes it visible: a reader in between sees fewer rows, not garbage.
        _file.Flush();
        WriteHeader();
        _file.Flush();
    }

    /// <summary>Flushes to the disk and closes.</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _file.Flush(flushToDisk: true);
        _file.Dispose();
    }

    private void WriteHeader()
    {
        string description = string.Create(
            CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({Rows}, {Columns}), }}");
        byte[] header = new byte[HeaderLength];
        header[0] = 0x93;
        "NUMPY"u8.CopyTo(header.AsSpan(1));
        header[6] = 1;
        header[8] = HeaderLength - 10;
        header.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(description, header.AsSpan(10));
        header[^1] = (byte)'\n';
        _file.Seek(0, SeekOrigin.Begin);
        _file.Write(header);
    }
}
