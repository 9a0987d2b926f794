using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace AnalogHil.Rpc.Client;

/// <summary>Whom a channel trusts and who it is.</summary>
public sealed class RpcChannelTls
{
    /// <summary>
    /// Authorities of the server's certificate; null: those of the system. Private authorities publish no revocations, so none are looked up.
    /// </summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Certificate with private key that the client shows; null: none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Options of the TLS stream; the server's name is checked in any case.</summary>
    /// <exception cref="ArgumentException">The client certificate has no private key.</exception>
    internal SslClientAuthenticationOptions ToSslOptions()
    {
        var options = new SslClientAuthenticationOptions();
        if (Authorities is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(Authorities);
        }

        if (ClientCertificate is not null)
        {
            options.ClientCertificateContext = ClientCertificate.HasPrivateKey
                ? SslStreamCertificateContext.Create(ClientCertificate, additionalCertificates: null, offline: true)
                : throw new ArgumentException($"Client certificate {ClientCertificate.Subject} has no private key; load it with its key.");
        }

        return options;
    }
}
