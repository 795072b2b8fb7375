using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Polls.Tests.Servers;

/// <summary>Certificates for one test, in a folder that is deleted with the test.</summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("polls-certificates-");

    /// <summary>The path of a file in the folder.</summary>
    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    /// <summary>A certificate with its key as a PEM file; returns its path.</summary>
    public string Pem(string name, string? password = null)
    {
        using var key = RSA.Create(2048);
        using var certificate = Request(name, key).CreateSelfSigned(From, From.AddDays(30));
        var pem = password is null
            ? key.ExportPkcs8PrivateKeyPem()
            : key.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        return Write($"{name}.pem", certificate.ExportCertificatePem() + "\n" + pem + "\n");
    }

    /// <summary>A certificate with its key as a PFX file; returns its path.</summary>
    public string Pfx(string name, string password)
    {
        using var key = RSA.Create(2048);
        using var certificate = Request(name, key).CreateSelfSigned(From, From.AddDays(30));
        File.WriteAllBytes(PathOf($"{name}.pfx"), certificate.Export(X509ContentType.Pfx, password));
        return PathOf($"{name}.pfx");
    }

    /// <summary>
    /// An authority of this name, and a certificate signed by it for a server named <paramref name="host"/>, an address
    /// or a name. Returns the paths of the authority's certificate, the server's, and the server's key.
    /// </summary>
    public (string Authority, string Certificate, string Key) Server(string authority, string host)
    {
        using var rootKey = RSA.Create(2048);
        var rootRequest = Request(authority, rootKey);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        rootRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var root = rootRequest.CreateSelfSigned(From, From.AddDays(30));

        using var key = RSA.Create(2048);
        var request = Request(host, key);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = request.Create(root, From, From.AddDays(20), RandomNumberGenerator.GetBytes(8));
        return (
            Write($"{authority}-ca.pem", root.ExportCertificatePem() + "\n"),
            Write($"{authority}-server.pem", certificate.ExportCertificatePem() + "\n"),
            Write($"{authority}-server.key", key.ExportPkcs8PrivateKeyPem() + "\n"));
    }

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static CertificateRequest Request(string name, RSA key) => new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
}
