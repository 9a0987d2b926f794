using System.Buffers.Binary;
using System.IO.Compression;

namespace AnalogHil.Engine.Data;

/// <summary>Reads IDX files, the format of the MNIST family: two zero bytes, element type, rank, big-endian 32-bit dimensions, values.</summary>
public static class IdxReader
{
    private const byte UnsignedByte = 0x08;
    private const int MaxRank = 4;
    private const int MaxBytes = 1 << 30;

    /// <summary>Reads a file of unsigned bytes; gzip where the name ends in .gz.</summary>
    /// <exception cref="DataSetException">The file is missing, unreadable, damaged, of another element type, or larger than 1 GiB unpacked.</exception>
    public static IdxFile Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                return Read(file, path);
            }

            using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            return Read(unpacked, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DataSetException($"'{path}' cannot be read: {error.Message} Check that the file is there and readable", error);
        }
        catch (InvalidDataException error)
        {
            throw new DataSetException($"'{path}' is no gzip file or is damaged: {error.Message} Fetch it again", error);
        }
    }

    /// <summary>Reads unpacked IDX data.</summary>
    /// <param name="stream">The data.</param>
    /// <param name="name">Name for messages.</param>
    /// <exception cref="DataSetException">The data is cut short, damaged, too long or of another element type.</exception>
    public static IdxFile Read(Stream stream, string name)
    {
        Span<byte> header = stackalloc byte[4];
        Fill(stream, header, name);
        int rank = header[3];
        if (header[0] != 0 || header[1] != 0 || header[2] != UnsignedByte || rank is 0 or > MaxRank)
        {
            throw new DataSetException(
                $"'{name}' starts with {Convert.ToHexString(header)}; an IDX file of unsigned bytes with 1 to {MaxRank} dimensions starts with 000008 and "
                    + "its rank");
        }

        int[] dims = new int[rank];
        long size = 1;
        for (int i = 0; i < rank; i++)
        {
            Fill(stream, header, name);
            uint dim = BinaryPrimitives.ReadUInt32BigEndian(header);
            size = Math.Min(size * dim, (long)MaxBytes + 1);
            dims[i] = (int)Math.Min(dim, int.MaxValue);
        }

        if (size > MaxBytes)
        {
            throw new DataSetException(
                $"'{name}' claims dimensions [{string.Join(", ", dims)}], more than {MaxBytes} bytes; the file is damaged, fetch it again");
        }

        byte[] values = ReadValues(stream, (int)size, name);
        return stream.ReadByte() < 0
            ? new IdxFile(dims, values)
            : throw new DataSetException($"'{name}' holds more than the {size} values its header announces; the file is damaged, fetch it again");
    }

    // Grows with what is really there: a damaged header must not make the reader allocate a gigabyte.
    private static byte[] ReadValues(Stream stream, int size, string name)
    {
        byte[] values = new byte[Math.Min(size, 1 << 20)];
        int filled = 0;
        while (filled < size)
        {
            if (filled == values.Length)
            {
                Array.Resize(ref values, (int)Math.Min((long)values.Length * 2, size));
            }

            int read = stream.Read(values, filled, values.Length - filled);
            if (read == 0)
            {
                throw new DataSetException($"'{name}' ends after {filled} of {size} values; it is cut short, fetch it again");
            }

            filled += read;
        }

        return values;
    }

    private static void Fill(Stream stream, Span<byte> buffer, string name)
    {
        if (stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length)
        {
            throw new DataSetException($"'{name}' ends within its header; it is cut short, fetch it again");
        }
    }
}
