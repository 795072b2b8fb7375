using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;
using Polls.Api.Secrets;

namespace Polls.Api.Tokens;

/// <summary>
/// The keys that protect all tokens. All instances share them; with a certificate they are stored encrypted.
/// </summary>
internal sealed class KeyRing(
    IKeyManager keys, StoredKeyRing stored, KeyRingCertificates certificates, IServiceProvider services,
    TimeProvider clock)
{
    /// <summary>
    /// Ensures that all keys can be read, that they are encrypted with the present certificate, and that a usable key
    /// exists. Runs under the migration lock: instances that start together on an empty database would otherwise each
    /// create a key that the others do not know at first.
    /// </summary>
    /// <exception cref="KeyRingUnreadableException">A key is encrypted with a certificate that is not
    /// configured.</exception>
    public void Prepare()
    {
        var now = clock.GetUtcNow();
        var known = keys.GetAllKeys().ToList();
        // All keys, not only those in use: stored account data is protected by older keys too. The framework would take
        // an unreadable key for a lost one and create another, which cannot read the tokens of other instances.
        var unreadable = known.Count(key => !CanBeRead(key));
        if (unreadable > 0)
        {
            throw new KeyRingUnreadableException(unreadable, known.Count);
        }

        if (certificates.Current is { } certificate)
        {
            stored.Encrypt(
                certificate,
                new CertificateXmlEncryptor(certificate, services.GetRequiredService<ILoggerFactory>()),
                new EncryptedXmlDecryptor(services));
        }

        if (!known.Any(key => !key.IsRevoked && key.ActivationDate <= now && key.ExpirationDate > now.AddDays(2)))
        {
            keys.CreateNewKey(now, now.AddDays(90));
        }
    }

    private static bool CanBeRead(IKey key)
    {
        try
        {
            return key.CreateEncryptor() is not null;
        }
        catch (Exception)
        {
            return false;
        }
    }
}

/// <summary>This instance cannot read some keys and would refuse the tokens of other instances.</summary>
internal sealed class KeyRingUnreadableException(int unreadable, int keys) : Exception(
    $"{unreadable} of {keys} keys in data_protection_keys cannot be decrypted. "
    + "Set KeyRing:CertificateFile to the certificate that they are encrypted with, "
    + "or name it in KeyRing:OlderCertificateFiles.");

/// <summary>Registers the key ring.</summary>
internal static class KeyRingSetup
{
    public static void AddKeyRing(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        var certificates = KeyRingCertificates.Load(
            builder.Configuration.GetSection(KeyRingOptions.Section).Get<KeyRingOptions>() ?? new());
        services.AddSingleton(certificates);
        services.AddSingleton<IValidateOptions<KeyRingOptions>>(certificates);
        services.AddOptions<KeyRingOptions>().BindConfiguration(KeyRingOptions.Section)
            .ValidateSecret(KeyRingOptions.Section + ":Password", options => options.Password)
            .ValidateOnStart();
        services.AddDataProtection().SetApplicationName("polls").UnprotectKeysWithAnyCertificate([.. certificates.All]);
        services.AddSingleton<StoredKeyRing>();
        services.AddSingleton<IXmlRepository>(provider => provider.GetRequiredService<StoredKeyRing>());
        services.AddOptions<KeyManagementOptions>().Configure<StoredKeyRing, ILoggerFactory>((keys, ring, logs) =>
        {
            keys.XmlRepository = ring;
            keys.XmlEncryptor = certificates.Current is { } certificate
                ? new CertificateXmlEncryptor(certificate, logs)
                : null;
        });
        services.AddSingleton<KeyRing>();
    }
}
