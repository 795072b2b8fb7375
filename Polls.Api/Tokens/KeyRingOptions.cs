namespace Polls.Api.Tokens;

/// <summary>Certificates that encrypt the keys in PostgreSQL. Bound from the section <c>KeyRing</c>.</summary>
public sealed record KeyRingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "KeyRing";

    /// <summary>
    /// A PFX or PEM file with an RSA certificate and its private key, the same for all instances. Without it keys are
    /// stored unencrypted, and anyone who can read the database can make tokens.
    /// </summary>
    public string? CertificateFile { get; set; }

    /// <summary>
    /// Files with earlier certificates, separated by commas, for keys that are still encrypted with them.
    /// </summary>
    public string OlderCertificateFiles { get; set; } = "";

    /// <summary>Password of the private keys in these files.</summary>
    public string? Password { get; set; }
}
