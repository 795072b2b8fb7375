using System.ComponentModel.DataAnnotations;

namespace Polls.Api.Telemetry;

/// <summary>
/// The private address for operators, in addition to the public addresses. Bound from the section <c>Management</c>.
/// </summary>
public sealed record ManagementOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Management";

    /// <summary>
    /// An address such as <c>http://127.0.0.1:9464</c> or <c>http://*:9464</c>. Default: no management port.
    /// </summary>
    [CustomValidation(typeof(ManagementOptions), nameof(Check))]
    public string? Url { get; set; }

    /// <summary>
    /// The port of <see cref="Url"/>, which identifies management connections; null if there is no such port.
    /// </summary>
    public int? Port => Parse(Url)?.Port;

    /// <summary>Accepts an http address with a port and without a path, or none.</summary>
    public static ValidationResult? Check(string? url) => string.IsNullOrWhiteSpace(url) || Parse(url) is not null
        ? ValidationResult.Success
        : new ValidationResult(
            "Management:Url must be an address such as http://127.0.0.1:9464 or http://*:9464, or absent.");

    /// <summary>The port of an address that a server listens on; null if the address is malformed.</summary>
    internal static int? PortOf(string address) => Read(address)?.Port;

    internal static BindingAddress? Parse(string? url) =>
        Read(url)
            is { Scheme: "http", PathBase: "", IsUnixPipe: false, IsNamedPipe: false, Port: > 0 and <= 65_535 } address
        // Without a port, the parser would return the default port 80.
        && url!.TrimEnd('/').EndsWith($":{address.Port}", StringComparison.Ordinal)
            ? address
            : null;

    private static BindingAddress? Read(string? url)
    {
        try
        {
            return url is null ? null : BindingAddress.Parse(url);
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
