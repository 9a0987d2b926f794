using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Identity;

/// <summary>A bearer token as the daemon knows it: never the token itself.</summary>
/// <param name="Name">Of its holder.</param>
/// <param name="Sha256">SHA-256 of the token's UTF-8 bytes, 32 bytes. Tokens are 256 random bits, so that no slower hash is needed.</param>
/// <param name="Role">What its holder may do.</param>
public sealed record AccessToken(string Name, ImmutableArray<byte> Sha256, Role Role)
{
    private const int Bytes = 32;

    /// <summary>Makes a token.</summary>
    /// <returns>The token, to be given to its holder and forgotten, and what the daemon keeps.</returns>
    public static (string Token, AccessToken Kept) Create(string name, Role role)
    {
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        return (token, new AccessToken(name, HashOf(token), role));
    }

    /// <summary>What is kept of a token.</summary>
    public static ImmutableArray<byte> HashOf(string token) => [.. SHA256.HashData(Encoding.UTF8.GetBytes(token))];
}
