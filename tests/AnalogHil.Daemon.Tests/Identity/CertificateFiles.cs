using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Rpc.Client;

namespace AnalogHil.Daemon.Tests.Identity;

/// <summary>An authority that lives as long as a test, with the files that a daemon is given.</summary>
internal sealed class CertificateFiles : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1);
    private readonly X509Certificate2 _root;

    public CertificateFiles(TemporaryDirectory directory)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(From, From.AddDays(30));
        (Root, ServerCertificate, ServerKey) = (directory["ca.pem"], directory["server.pem"], directory["server.key"]);
        using X509Certificate2 server = Issue("localhost", ServerUse);
        File.WriteAllText(Root, _root.ExportCertificatePem());
        File.WriteAllText(ServerCertificate, server.ExportCertificatePem());
        File.WriteAllText(ServerKey, server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    public string Root { get; }

    public string ServerCertificate { get; }

    public string ServerKey { get; }

    public X509Certificate2 IssueClient(string name) => Issue(name, ClientUse);

    public RpcChannelTls Trust(X509Certificate2 client) => new()
    {
        Authorities = [X509CertificateLoader.LoadCertificate(_root.RawData)],
        ClientCertificate = client,
    };

    public void Dispose() => _root.Dispose();

    private X509Certificate2 Issue(string name, string use)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        using X509Certificate2 bare = request.Create(_root, From, From.AddDays(20), RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }
}
