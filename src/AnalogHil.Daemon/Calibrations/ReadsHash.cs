using System.Security.Cryptography;
using System.Text;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>SHA-256 over names and contents of files of reads, in the order of their names.</summary>
internal static class ReadsHash
{
    /// <summary>The hash, lower-case hexadecimal.</summary>
    /// <param name="folder">Folder of the calibration.</param>
    /// <param name="archives">Folders of reads, relative to it.</param>
    public static string Of(string folder, IEnumerable<string> archives)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string path in archives.SelectMany(reads => Directory.EnumerateFiles(Path.Combine(folder, reads))).Order(StringComparer.Ordinal))
        {
            using FileStream content = File.OpenRead(path);
            all.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, path).Replace('\\', '/')));
            all.AppendData(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }
}
