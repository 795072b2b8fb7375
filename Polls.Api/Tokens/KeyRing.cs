using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;
using Polls.Api.Setup;

namespace Polls.Api.Tokens;

/// <summary>The keys of all tokens, shared by all instances, and encrypted where they are kept when there is a certificate.</summary>
internal sealed class KeyRing(IKeyManager keys, StoredKeyRing stored, KeyRingCertificates certificates, IServiceProvider services, TimeProvider clock)
{
    /// <summary>
    /// Makes sure that all keys can be read, that they are stored as the certificate wants it, and that a usable one exists. Done under
    /// the migration lock: instances that start together on an empty database would otherwise each make a key of their own,
    /// which the others would not know at first.
    /// </summary>
    /// <exception cref="KeyRingUnreadableException">A key is encrypted with a certificate that is not there.</exception>
    public void Prepare()
    {
        var now = clock.GetUtcNow();
        var known = keys.GetAllKeys().ToList();
        // Not only those in use: what accounts have stored is protected by keys as old as that. And the framework would take an
        // unreadable key for a lost one, and make another with which nobody else's tokens can be read.
        var unreadable = known.Count(key => !CanBeRead(key));
        if (unreadable > 0)
        {
            throw new KeyRingUnreadableException(unreadable, known.Count);
        }

        if (certificates.Current is { } certificate)
        {
            stored.Encrypt(certificate, new CertificateXmlEncryptor(certificate, services.GetRequiredService<ILoggerFactory>()), new EncryptedXmlDecryptor(services));
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

/// <summary>Keys are there that this instance cannot read, so that it would refuse the tokens of all others.</summary>
internal sealed class KeyRingUnreadableException(int unreadable, int keys) : Exception(
    $"{unreadable} of {keys} keys in data_protection_keys cannot be decrypted. Set KeyRing:CertificateFile to the certificate that they are encrypted with, "
    + "or name it in KeyRing:OlderCertificateFiles.");

/// <summary>Registers the key ring.</summary>
internal static class KeyRingSetup
{
    public static void AddKeyRing(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        var certificates = KeyRingCertificates.Load(builder.Configuration.GetSection(KeyRingOptions.Section).Get<KeyRingOptions>() ?? new());
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
            keys.XmlEncryptor = certificates.Current is { } certificate ? new CertificateXmlEncryptor(certificate, logs) : null;
        });
        services.AddSingleton<KeyRing>();
    }
}
