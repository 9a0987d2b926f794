using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace AnalogHil.Rpc.Server;

/// <summary>Identity of a server on TLS and whom it lets in.</summary>
public sealed class RpcServerTls
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Certificate of the server, with its private key.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>Authorities whose client certificates are accepted: mutual TLS, and a client without one gets no connection. Null: clients
    /// show none and prove who they are by other means. Private authorities publish no revocations, so none are looked up.</summary>
    public X509Certificate2Collection? ClientAuthorities { get; init; }

    /// <summary>Options of Kestrel's TLS.</summary>
    /// <exception cref="ArgumentException">The certificate has no private key, or the list of authorities is empty.</exception>
    internal void Configure(HttpsConnectionAdapterOptions https)
    {
        if (!Certificate.HasPrivateKey)
        {
            throw new ArgumentException($"Server certificate {Certificate.Subject} has no private key; load it with its key.");
        }

        https.ServerCertificate = Certificate;
        if (ClientAuthorities is null)
        {
            return;
        }

        if (ClientAuthorities.Count == 0)
        {
            throw new ArgumentException("The list of client authorities is empty, so no client could connect; name at least one.");
        }

        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (certificate, sent, _) => IsTrusted(certificate, sent);
    }

    private bool IsTrusted(X509Certificate2 certificate, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(ClientAuthorities!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        return chain.Build(certificate);
    }
}
