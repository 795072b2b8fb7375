using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Polls.Api.Tokens;

/// <summary>The certificates of <see cref="KeyRingOptions"/>, read once, and the errors found in them.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "They live as long as the program.")]
internal sealed class KeyRingCertificates : IValidateOptions<KeyRingOptions>
{
    private readonly List<X509Certificate2> all = [];
    private readonly List<string> complaints = [];

    private KeyRingCertificates(KeyRingOptions options)
    {
        Current = Read("CertificateFile", options.CertificateFile, options.Password);
        foreach (var file in options.OlderCertificateFiles.Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Read("OlderCertificateFiles", file, options.Password);
        }
    }

    /// <summary>Encrypts new keys; null when keys are stored unencrypted.</summary>
    public X509Certificate2? Current { get; }

    /// <summary>The certificates that can decrypt keys.</summary>
    public IReadOnlyList<X509Certificate2> All => all;

    public static KeyRingCertificates Load(KeyRingOptions options) => new(options);

    public ValidateOptionsResult Validate(string? name, KeyRingOptions options) =>
        complaints.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(complaints);

    private X509Certificate2? Read(string setting, string? file, string? password)
    {
        if (string.IsNullOrWhiteSpace(file))
        {
            return null;
        }

        try
        {
            var certificate = Read(file, password);
            if (certificate.GetRSAPrivateKey() is not null)
            {
                all.Add(certificate);
                return certificate;
            }

            Complain("it has no RSA key of its own");
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException
                or CryptographicException or ArgumentException)
        {
            Complain(exception.Message.TrimEnd('.'));
        }

        return null;

        void Complain(string why) => complaints.Add(
            $"KeyRing:{setting}: '{file}' cannot be used: {why}. "
            + "It must be a PFX or PEM file with an RSA certificate and its private key; "
            + "KeyRing:Password is the key's password, if it has one.");
    }

    private static X509Certificate2 Read(string file, string? password)
    {
        var bytes = File.ReadAllBytes(file);
        if (bytes.AsSpan().IndexOf("-----BEGIN "u8) < 0)
        {
            return X509CertificateLoader.LoadPkcs12(bytes, password, X509KeyStorageFlags.EphemeralKeySet);
        }

        return bytes.AsSpan().IndexOf("-----BEGIN ENCRYPTED PRIVATE KEY-----"u8) < 0
            ? X509Certificate2.CreateFromPemFile(file)
            : X509Certificate2.CreateFromEncryptedPemFile(file, password);
    }
}
