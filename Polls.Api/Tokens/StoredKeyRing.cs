using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.EntityFrameworkCore;
using Polls.Core.Storage;

namespace Polls.Api.Tokens;

/// <summary>The data-protection key ring in PostgreSQL. ASP.NET Core calls it rarely and only synchronously.</summary>
public sealed class StoredKeyRing(IDbContextFactory<PollsDb> databases) : IXmlRepository
{
    // The framework's XML namespace, which marks secrets as encrypted or to be encrypted.
    private static readonly XNamespace Words = "http://schemas.asp.net/2015/03/dataProtection";

    /// <inheritdoc />
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = databases.CreateDbContext();
        return [.. db.DataProtectionKeys.AsNoTracking()
            .Select(key => key.Xml).ToList()
            .Select(xml => XElement.Parse(xml))];
    }

    /// <inheritdoc />
    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = databases.CreateDbContext();
        var xml = element.ToString(SaveOptions.DisableFormatting);
        db.Database.CreateExecutionStrategy().Execute(() => db.Database.ExecuteSql(
            $"""
            INSERT INTO data_protection_keys (friendly_name, xml) VALUES ({friendlyName}, {xml})
            ON CONFLICT DO NOTHING
            """));
    }

    /// <summary>
    /// Encrypts stored keys that are unencrypted or encrypted with another certificate. The keys stay the same.
    /// </summary>
    internal void Encrypt(
        X509Certificate2 certificate, CertificateXmlEncryptor encryptor, EncryptedXmlDecryptor decryptor)
    {
        using var db = databases.CreateDbContext();
        foreach (var key in db.DataProtectionKeys.AsNoTracking().ToList())
        {
            var element = XElement.Parse(key.Xml);
            var plain = element.DescendantsAndSelf()
                .Where(secret => (bool?)secret.Attribute(Words + "requiresEncryption") == true).ToList();
            var others = element.Descendants(Words + "encryptedSecret")
                .Where(secret => !IsEncryptedFor(secret, certificate)).ToList();
            foreach (var secret in plain)
            {
                Replace(secret, secret);
            }

            foreach (var secret in others)
            {
                Replace(secret, decryptor.Decrypt(secret.Elements().Single()));
            }

            if (plain.Count + others.Count > 0)
            {
                var xml = element.ToString(SaveOptions.DisableFormatting);
                db.Database.CreateExecutionStrategy().Execute(() => db.Database.ExecuteSql(
                    $"""
                    UPDATE data_protection_keys SET xml = {xml}
                    WHERE friendly_name = {key.FriendlyName} AND xml = {key.Xml}
                    """));
            }
        }

        void Replace(XElement stored, XElement secret)
        {
            var encrypted = encryptor.Encrypt(secret);
            stored.ReplaceWith(new XElement(
                Words + "encryptedSecret",
                new XAttribute("decryptorType", encrypted.DecryptorType.AssemblyQualifiedName!),
                encrypted.EncryptedElement));
        }
    }

    private static bool IsEncryptedFor(XElement secret, X509Certificate2 certificate) => secret.Descendants()
        .Where(element => element.Name.LocalName == "X509Certificate")
        .Any(element => Convert.FromBase64String(element.Value).AsSpan().SequenceEqual(certificate.RawData));
}
