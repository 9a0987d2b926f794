using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Rpc.Server;
using AnalogHil.V1;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AnalogHil.Daemon.Identity;

/// <summary>Listens on TCP: with TLS wherever it is told to, without only on 127.0.0.1; and never where no caller could be told from another.</summary>
internal static class RemoteListener
{
    /// <summary>Adds the TCP address of the options, if there is one.</summary>
    /// <exception cref="CampaignException">RequestInvalid: the address, the certificate and the access rules do not fit together.</exception>
    public static void Add(KestrelServerOptions kestrel, DaemonOptions options, AccessRules access)
    {
        if (options.Listen is not { } address)
        {
            if (options.TlsCertificate is not null || options.TlsKey is not null || options.ClientAuthorities is not null)
            {
                throw Wrong("a certificate is given, but no TCP address to use it on; add --listen ADDRESS:PORT");
            }

            return;
        }

        if (options.TlsCertificate is null || options.TlsKey is null)
        {
            bool half = options.ClientAuthorities is not null || options.TlsCertificate is not null || options.TlsKey is not null;
            if (half || !address.Address.Equals(IPAddress.Loopback))
            {
                throw Wrong(
                    $"listening on {address} needs TLS: give --tls-certificate and --tls-key, or listen on 127.0.0.1, where nothing leaves this machine");
            }

            RequireTokens(address, access);
            kestrel.ListenRpcLoopback(address.Port, options.KeepAlive);
            return;
        }

        if (options.ClientAuthorities is null)
        {
            RequireTokens(address, access);
        }
        else if (access.Certificates.Count == 0 && access.Tokens.Length == 0)
        {
            throw Wrong($"no client could get in on {address}: the access file names no certificate; give roles under 'certificates' (--access FILE)");
        }

        kestrel.ListenRpcTls(address, Identity(options.TlsCertificate, options.TlsKey, options.ClientAuthorities), options.KeepAlive);
    }

    private static void RequireTokens(IPEndPoint address, AccessRules access)
    {
        if (access.Tokens.Length == 0)
        {
            throw Wrong(
                $"no client could get in on {address}: there is no client authority and the access file has no token; "
                + "add one (hil token create, --access FILE)");
        }
    }

    private static RpcServerTls Identity(string certificate, string key, string? authorities)
    {
        try
        {
            X509Certificate2Collection? trusted = null;
            if (authorities is not null)
            {
                trusted = [];
                trusted.ImportFromPemFile(authorities);
            }

            return new RpcServerTls { Certificate = X509Certificate2.CreateFromPemFile(certificate, key), ClientAuthorities = trusted };
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            string files = $"certificate {certificate} with key {key}{(authorities is null ? "" : $" and authorities {authorities}")}";
            throw Wrong($"{files} cannot be used: {refused.Message.TrimEnd('.')}; all are PEM files", refused);
        }
    }

    private static CampaignException Wrong(string what, Exception? inner = null) => new(ErrorReason.RequestInvalid, what, inner);
}
