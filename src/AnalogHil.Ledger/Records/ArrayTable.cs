using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AnalogHil.Ledger.Storage;

namespace AnalogHil.Ledger.Records;

/// <summary>Arrays on the disk: little-endian float32, row-major.</summary>
internal sealed class ArrayTable(Database database)
{
    /// <summary>Replaces the arrays of an entry.</summary>
    public void Put(string kind, string owner, IReadOnlyList<ArrayEntry> arrays)
    {
        database.Execute("delete from arrays where kind = $kind and owner = $owner", ("$kind", kind), ("$owner", owner));
        foreach (ArrayEntry array in arrays)
        {
            Require(array);
            byte[] data = Bytes(array.Values.Span);
            database.Execute(
                "insert into arrays values ($kind, $owner, $name, $shape, $data, $hash)",
                ("$kind", kind), ("$owner", owner), ("$name", array.Name), ("$shape", string.Join(',', array.Shape)), ("$data", data),
                ("$hash", Convert.ToHexStringLower(SHA256.HashData(data))));
        }
    }

    /// <summary>Arrays of an entry, in order of name.</summary>
    /// <exception cref="LedgerException">Damaged: the numbers are not those that were put.</exception>
    public List<ArrayEntry> Of(string kind, string owner) => database.Query(
        "select name, shape, data, hash from arrays where kind = $kind and owner = $owner order by name",
        row =>
        {
            byte[] data = row.Bytes(2);
            return Convert.ToHexStringLower(SHA256.HashData(data)) == row.GetString(3)
                ? new ArrayEntry(row.GetString(0), [.. row.GetString(1).Split(',').Select(part => int.Parse(part, CultureInfo.InvariantCulture))], Floats(data))
                : throw new LedgerException(
                    LedgerFault.Damaged,
                    $"array {row.GetString(0)} of {kind} {owner} does not have the hash it was put with; restore the ledger from a copy");
        },
        ("$kind", kind), ("$owner", owner));

    private static void Require(ArrayEntry array)
    {
        if (array.Name.Length == 0 || array.Name.StartsWith('.') || !array.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_'))
        {
            throw new ArgumentException($"array name '{array.Name}': letters, digits, dots, dashes and underscores, not a dot first", nameof(array));
        }

        long size = array.Shape.Aggregate(1L, (product, extent) => checked(product * extent));
        if (array.Shape.IsDefaultOrEmpty || array.Shape.Any(extent => extent < 0) || size != array.Values.Length)
        {
            throw new ArgumentException(
                $"array {array.Name} of shape [{string.Join(", ", array.Shape)}] takes {size} values, has {array.Values.Length}", nameof(array));
        }
    }

    private static byte[] Bytes(ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(float)];
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(bytes);
            return bytes;
        }

        for (int i = 0; i < values.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return bytes;
    }

    private static float[] Floats(byte[] bytes)
    {
        float[] values = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = System.Buffers.Binary.BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return values;
    }
}
