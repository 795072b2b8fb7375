using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Polls.Api.Redis;

/// <summary>Whom to take for Redis over TLS, when an authority of one's own vouches for it.</summary>
internal static class RedisTrust
{
    /// <summary>The certificates of the authorities in a PEM file; null when there are none to be read.</summary>
    public static X509Certificate2Collection? Read(string file)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            return authorities.Count > 0 ? authorities : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Takes a certificate that the system trusts or these authorities vouch for, if it has the name that was connected to.</summary>
    public static RemoteCertificateValidationCallback In(X509Certificate2Collection authorities) => (_, certificate, sent, errors) =>
    {
        // A wrong name stays wrong whoever signed it.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is null)
        {
            return errors == SslPolicyErrors.None;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        // For a server, and nothing else.
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        // What Redis sent beside its own, in case others stand between it and the authority.
        chain.ChainPolicy.ExtraStore.AddRange((X509Certificate2[])[.. sent?.ChainElements.Select(element => element.Certificate) ?? []]);

        using var server = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(server);
    };
}
