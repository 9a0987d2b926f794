using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Identity;

/// <summary>
/// Access rules as a file: {"users": {"1000": "operator"}, "groups": {"990": "viewer"}, "certificates": {"bench-ci": "operator"},
/// "tokens": [{"name": "ci", "sha256": "...", "role": "operator"}]}. Who can write it decides who is admin, so nobody but its owner may.
/// </summary>
public static class AccessFile
{
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Reads the rules.</summary>
    /// <exception cref="CampaignException">RequestInvalid with every error of the file.</exception>
    public static AccessRules Read(string path)
    {
        Document document;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & WritableByOthers) != UnixFileMode.None)
            {
                throw Wrong(path, "it can be written by others, who could make themselves admin; chmod go-w it");
            }

            document = JsonSerializer.Deserialize<Document>(File.ReadAllText(path), Format) ?? throw new JsonException("it holds null");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Wrong(path, refused.Message.TrimEnd('.'), refused);
        }

        var errors = new List<string>();
        var rules = new AccessRules
        {
            Users = Numbered("users", document.Users, errors),
            Groups = Numbered("groups", document.Groups, errors),
            Certificates = (document.Certificates ?? []).ToImmutableDictionary(
                entry => entry.Key, entry => RoleOf($"certificates.{entry.Key}", entry.Value, errors), StringComparer.Ordinal),
            Tokens = [.. (document.Tokens ?? []).Select((token, i) => TokenOf($"tokens[{i}]", token, errors))],
        };
        foreach (IGrouping<string, AccessToken> twice in rules.Tokens.GroupBy(token => token.Name).Where(group => group.Count() > 1))
        {
            errors.Add($"tokens: '{twice.Key}' comes {twice.Count()} times; each needs a name of its own");
        }

        return errors.Count == 0 ? rules : throw Wrong(path, string.Join("; ", errors));
    }

    /// <summary>Adds a token to a file, which is made if it is not there.</summary>
    /// <exception cref="CampaignException">RequestInvalid: the file has errors, or a token of that name.</exception>
    public static void Add(string path, AccessToken token)
    {
        JsonObject document = [];
        if (File.Exists(path))
        {
            if (Read(path).Tokens.Any(there => there.Name == token.Name))
            {
                throw Wrong(path, $"there is a token '{token.Name}'; remove it first, or choose another name");
            }

            var comments = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip };
            document = JsonNode.Parse(File.ReadAllText(path), documentOptions: comments)!.AsObject();
        }

        if (document["tokens"] is not JsonArray tokens)
        {
            document["tokens"] = tokens = [];
        }

        tokens.Add(JsonNode.Parse(LineOf(token)));
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(document.ToJsonString(new JsonSerializerOptions { WriteIndented = true })));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>The line of a token in such a file.</summary>
    public static string LineOf(AccessToken token) => JsonSerializer.Serialize(
        new TokenEntry(token.Name, Convert.ToHexStringLower(token.Sha256.AsSpan()), token.Role.ToString().ToLowerInvariant()), Format);

    private static ImmutableDictionary<uint, Role> Numbered(string field, Dictionary<string, string>? entries, List<string> errors)
    {
        var roles = ImmutableDictionary.CreateBuilder<uint, Role>();
        foreach ((string text, string role) in entries ?? [])
        {
            if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id))
            {
                roles[id] = RoleOf($"{field}.{text}", role, errors);
            }
            else
            {
                errors.Add($"{field}: '{text}' is not a number; see id -u and id -g");
            }
        }

        return roles.ToImmutable();
    }

    private static AccessToken TokenOf(string field, TokenEntry? entry, List<string> errors)
    {
        if (entry is not { } token)
        {
            errors.Add($"{field}: is null; give name, sha256 and role, or take it out");
            return new AccessToken(field, [], Role.Unspecified);
        }

        ImmutableArray<byte> hash = [];
        try
        {
            hash = [.. Convert.FromHexString(token.Sha256 ?? "")];
        }
        catch (FormatException)
        {
            // Said below.
        }

        if (hash.Length != System.Security.Cryptography.SHA256.HashSizeInBytes)
        {
            errors.Add($"{field}.sha256: 64 hexadecimal digits are needed, the SHA-256 of the token, never the token itself");
        }

        if (string.IsNullOrWhiteSpace(token.Name))
        {
            errors.Add($"{field}.name: is missing");
        }

        return new AccessToken(token.Name ?? field, hash, RoleOf($"{field}.role", token.Role, errors));
    }

    private static Role RoleOf(string field, string? role, List<string> errors)
    {
        switch (role)
        {
            case "viewer": return Role.Viewer;
            case "operator": return Role.Operator;
            case "admin": return Role.Admin;
            default:
                errors.Add($"{field}: '{role}' is no role; viewer, operator or admin");
                return Role.Unspecified;
        }
    }

    private static CampaignException Wrong(string path, string what, Exception? inner = null) =>
        new(ErrorReason.RequestInvalid, $"access file {path}: {what}", inner);

    private sealed record Document(
        Dictionary<string, string>? Users, Dictionary<string, string>? Groups, Dictionary<string, string>? Certificates, TokenEntry?[]? Tokens);

    private sealed record TokenEntry(string? Name, string? Sha256, string? Role);
}
