namespace Polls.Api.Tokens;

/// <summary>With which certificates the keys in PostgreSQL are encrypted; section <c>KeyRing</c>.</summary>
public sealed record KeyRingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "KeyRing";

    /// <summary>
    /// A PFX or PEM file with an RSA certificate and its private key, the same for all instances. Absent: keys are stored as they are,
    /// and whoever reads the database can make tokens.
    /// </summary>
    public string? CertificateFile { get; set; }

    /// <summary>Files like it, parted by commas: certificates of before, with which keys may still be encrypted.</summary>
    public string OlderCertificateFiles { get; set; } = "";

    /// <summary>Of the private keys in all these files that have one.</summary>
    public string? Password { get; set; }
}
