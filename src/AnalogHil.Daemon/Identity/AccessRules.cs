using System.Collections.Immutable;
using System.Security.Cryptography;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Identity;

/// <summary>Who has which role. The user that the daemon runs as is always admin on its Unix socket; who is not named here gets in nowhere.</summary>
public sealed record AccessRules
{
    /// <summary>Nobody but the daemon's own user.</summary>
    public static AccessRules OwnerOnly { get; } = new();

    /// <summary>Roles of users on the Unix socket, by uid.</summary>
    public ImmutableDictionary<uint, Role> Users { get; init; } = ImmutableDictionary<uint, Role>.Empty;

    /// <summary>Roles of groups on the Unix socket, by the effective gid of the peer; a user's own entry comes first.</summary>
    public ImmutableDictionary<uint, Role> Groups { get; init; } = ImmutableDictionary<uint, Role>.Empty;

    /// <summary>Roles of client certificates, by the common name of their subject.</summary>
    public ImmutableDictionary<string, Role> Certificates { get; init; } = ImmutableDictionary<string, Role>.Empty;

    /// <summary>Bearer tokens.</summary>
    public ImmutableArray<AccessToken> Tokens { get; init; } = [];

    /// <summary>Whether others than the daemon's own user may connect to its Unix socket.</summary>
    public bool OpensSocket => Users.Count > 0 || Groups.Count > 0;

    /// <summary>Role of a user; unspecified: none.</summary>
    public Role OfUser(uint user, uint group) =>
        user == OwnUser.Id ? Role.Admin
        : Users.TryGetValue(user, out Role role) || Groups.TryGetValue(group, out role) ? role
        : Role.Unspecified;

    /// <summary>The entry of a token; null: none. Takes the same time whichever entry it is, and whether it is one.</summary>
    public AccessToken? OfToken(string token)
    {
        ReadOnlySpan<byte> hash = AccessToken.HashOf(token).AsSpan();
        AccessToken? found = null;
        foreach (AccessToken entry in Tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(entry.Sha256.AsSpan(), hash))
            {
                found = entry;
            }
        }

        return found;
    }
}
