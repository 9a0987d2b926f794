using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace AnalogHil.Devices.Contract;

/// <summary>The redundancy of every programmed block: what is staged, read back, compared by hash and committed.</summary>
/// <param name="Blocks">Ascending by block number; blocks left out run with K = 1.</param>
public sealed record RedundancySettings(ImmutableArray<BlockRedundancy> Blocks)
{
    /// <summary>Every block once.</summary>
    public static RedundancySettings Unrepeated { get; } = new([]);

    /// <summary>SHA-256 (lower-case hex) of the canonical little-endian form; equal settings have equal hashes on both sides of a wire.</summary>
    public string Hash()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (BlockRedundancy block in Blocks.OrderBy(block => block.Block))
        {
            Append(block.Block);
            Append((int)block.Mode);
            Append(block.Repeats.Length);
            foreach (int repeats in block.Repeats)
            {
                Append(repeats);
            }

            void Append(int value)
            {
                Span<byte> bytes = stackalloc byte[4];
                BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
                sha.AppendData(bytes);
            }
        }

        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }
}
