using System.Security.Cryptography.X509Certificates;
using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Server;
using AnalogHil.V1;
using Grpc.Core;

namespace AnalogHil.Daemon.Identity;

/// <summary>Finds out who makes a call: what the kernel says on the Unix socket, the certificate or the token on TCP.</summary>
internal sealed class CallerIdentifier(AccessBook access) : ICallerIdentifier
{
    private const string Scheme = "Bearer ";

    /// <inheritdoc/>
    public CallerIdentity Identify(ServerCallContext context)
    {
        if (context.GetHttpContext().Connection.RemoteIpAddress is null)
        {
            return OnSocket(context);
        }

        string? authorization = context.RequestHeaders.GetValue("authorization");
        if (context.GetClientCertificate() is { } certificate)
        {
            // A certificate that lets a machine in may be shared; a token beside it tells who of its users calls.
            string name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
            if (authorization is null)
            {
                return Known($"cert:{name}", access.Rules.Certificates.GetValueOrDefault(name), "certificates");
            }
        }

        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw Refused("the call comes over TCP with neither a client certificate nor the header 'authorization: Bearer TOKEN'; send one of them");
        }

        return access.Rules.OfToken(authorization[Scheme.Length..].Trim()) is { } token
            ? new CallerIdentity($"token:{token.Name}", token.Role)
            : throw Refused("the token is not known to this daemon; ask its admin for one (hil token create)");
    }

    private CallerIdentity OnSocket(ServerCallContext context)
    {
        // Where the kernel does not tell, the socket's own mode has let in nobody but the owner.
        if (!OperatingSystem.IsLinux())
        {
            return new CallerIdentity($"uid:{OwnUser.Id}", Role.Admin);
        }

        PeerCredentials peer = context.GetPeerCredentials() ?? throw Refused("the kernel does not tell who opened the connection; connect anew");
        return Known($"uid:{peer.UserId}", access.Rules.OfUser(peer.UserId, peer.GroupId), "users");
    }

    private static CallerIdentity Known(string name, Role role, string field) => role == Role.Unspecified
        ? throw Refused($"{name} has no role here; the admin can name it under '{field}' of the daemon's access file")
        : new CallerIdentity(name, role);

    private static CampaignException Refused(string why) => new(ErrorReason.Unauthenticated, why);
}
