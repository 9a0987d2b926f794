using System.Security.Cryptography;

namespace AnalogHil.PaperStudy.Running;

/// <summary>SHA-256 of a model file, as the engine names it.</summary>
internal static class ModelHash
{
    public static string Of(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
