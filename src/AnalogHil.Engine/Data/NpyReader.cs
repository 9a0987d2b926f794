using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace AnalogHil.Engine.Data;

/// <summary>Reads NumPy .npy files, versions 1 to 3, little-endian and in C order.</summary>
public static partial class NpyReader
{
    /// <summary>Reads an array of float32 ('&lt;f4'), int32 ('&lt;i4'), int64 ('&lt;i8') or unsigned bytes ('|u1').</summary>
    /// <param name="path">The file.</param>
    /// <typeparam name="T">float, int, long or byte; must be the file's own type.</typeparam>
    /// <exception cref="DataSetException">The file is missing, damaged, of another type or in Fortran order.</exception>
    public static NpyArray<T> Read<T>(string path)
        where T : unmanaged
    {
        try
        {
            return Parse<T>(File.ReadAllBytes(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DataSetException($"'{path}' cannot be read: {error.Message} Check that the file is there and readable", error);
        }
    }

    /// <summary>Reads an array from memory.</summary>
    /// <param name="file">Bytes of a .npy file.</param>
    /// <param name="name">Name for messages.</param>
    /// <typeparam name="T">float, int, long or byte; must be the file's own type.</typeparam>
    /// <exception cref="DataSetException">The bytes are damaged, of another type or in Fortran order.</exception>
    public static NpyArray<T> Parse<T>(ReadOnlySpan<byte> file, string name)
        where T : unmanaged
    {
        if (file.Length < 12 || file[0] != 0x93 || !file[1..].StartsWith("NUMPY"u8))
        {
            throw new DataSetException($"'{name}' is no .npy file; save it with numpy.save");
        }

        int lengthBytes = file[6] == 1 ? 2 : 4;
        long headerLength = lengthBytes == 2 ? BitConverter.ToUInt16(file[8..]) : BitConverter.ToUInt32(file[8..]);
        long start = 8 + lengthBytes + headerLength;
        if (start > file.Length)
        {
            throw new DataSetException($"'{name}' ends within its header; it is cut short, save it again");
        }

        string header = Encoding.Latin1.GetString(file[(8 + lengthBytes)..(int)start]);
        Match match = HeaderPattern().Match(header);
        if (!match.Success || match.Groups["order"].Value != "False" || match.Groups["type"].Value != TypeOf<T>())
        {
            throw new DataSetException(
                $"'{name}' has header {header.Trim()}; a little-endian array of {TypeOf<T>()} in C order is needed, e.g. numpy.ascontiguousarray(x, "
                    + $"'{TypeOf<T>()}')");
        }

        int[] dims = ParseDims(match.Groups["shape"].Value, name);
        long count = 1;
        foreach (int dim in dims)
        {
            count = Math.Min(count * dim, int.MaxValue);
        }

        ReadOnlySpan<byte> data = file[(int)start..];
        if (data.Length != count * Marshal.SizeOf<T>())
        {
            throw new DataSetException(
                $"'{name}' holds {data.Length} bytes, shape ({match.Groups["shape"].Value}) needs {count * Marshal.SizeOf<T>()}; it is damaged, save it again");
        }

        return new NpyArray<T>(dims, MemoryMarshal.Cast<byte, T>(data).ToArray());
    }

    /// <summary>Element type as the file's header names it, e.g. "&lt;f4"; empty where the file is no .npy file, which reading it will report.</summary>
    internal static string TypeOf(string path)
    {
        Span<byte> start = stackalloc byte[512];
        try
        {
            using FileStream file = File.OpenRead(path);
            int length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            return DescriptionPattern().Match(Encoding.Latin1.GetString(start[..length])).Groups["type"].Value;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataSetException($"'{path}' cannot be read: {error.Message} Check that the file is there and readable", error);
        }
    }

    private static string TypeOf<T>() =>
        typeof(T) == typeof(float) ? "<f4"
        : typeof(T) == typeof(int) ? "<i4"
        : typeof(T) == typeof(long) ? "<i8"
        : typeof(T) == typeof(byte) ? "|u1"
        : throw new ArgumentException($"{typeof(T).Name} is not read from .npy files; use float, int, long or byte");

    private static int[] ParseDims(string shape, string name)
    {
        string[] parts = shape.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] dims = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out dims[i]))
            {
                throw new DataSetException($"'{name}' has the shape ({shape}), which is not a list of lengths; it is damaged, save it again");
            }
        }

        return dims;
    }

    [GeneratedRegex(@"'descr':\s*'(?<type>[^']+)'", RegexOptions.NonBacktracking)]
    private static partial Regex DescriptionPattern();

    [GeneratedRegex(@"'descr':\s*'(?<type>[^']+)'.*'fortran_order':\s*(?<order>True|False).*'shape':\s*\((?<shape>[^)]*)\)", RegexOptions.NonBacktracking)]
    private static partial Regex HeaderPattern();
}
