using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Polls.Core;
using Polls.Core.Seats;
using QRCoder;

namespace Polls.Api.Http;

/// <summary>The public address of the product. Bound from the section <c>Public</c>.</summary>
public sealed record PublicOptions
{
    /// <summary>
    /// For example <c>https://polls.example</c>, with a path if a proxy serves the product under one. Default: the
    /// address of the request, which the client chooses.
    /// </summary>
    [CustomValidation(typeof(PublicOptions), nameof(Check))]
    public string? BaseUrl { get; set; }

    /// <summary>Accepts an absolute http or https address without query and fragment, or none.</summary>
    public static ValidationResult? Check(string? baseUrl) =>
        baseUrl is null || (RoomLinks.Base(baseUrl) is { Query: "", Fragment: "" })
            ? ValidationResult.Success
            : new ValidationResult(
                "Public:BaseUrl must be an absolute address such as https://polls.example, or absent.");
}

/// <summary>Makes the links that people open.</summary>
public sealed class RoomLinks(IOptions<PublicOptions> options)
{
    private readonly Uri? configured = options.Value.BaseUrl is { } given ? Base(given) : null;

    /// <summary>The public address, or the refusal of a request whose <c>Host</c> header is no address.</summary>
    public Outcome<Uri> Home(HttpContext http) =>
        configured ?? Base($"{http.Request.Scheme}://{http.Request.Host}") ?? (Outcome<Uri>)Refusals.Invalid(
            "request.malformed", "The Host header is missing or invalid.");

    /// <summary>The link to join a room.</summary>
    public static Uri Join(Uri home, string code) => new(home, $"r/{code}");

    /// <summary>The link to join a room with a seat code.</summary>
    public static Uri Seat(Uri home, string code, string seat) => new(home, $"r/{code}#seat={SeatCode.Show(seat)}");

    /// <summary>The link of the big screen.</summary>
    public static Uri Screen(Uri home, string code) => new(home, $"screen/{code}");

    /// <summary>
    /// The address with a trailing slash, so that links stay below its path; null when it is no address.
    /// </summary>
    internal static Uri? Base(string address) =>
        Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri.Host.Length > 0
            ? uri
            : null;
}

/// <summary>QR codes.</summary>
public static class QrCode
{
    /// <summary>
    /// The QR code of a link as one SVG path with a unit square per dark module, for sheets with many codes.
    /// </summary>
    internal static string Modules(Uri link, out int size)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(link.AbsoluteUri, QRCodeGenerator.ECCLevel.M);
        size = data.ModuleMatrix.Count;
        var path = new StringBuilder("<path d=\"");
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                if (data.ModuleMatrix[y][x])
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
                }
            }
        }

        return path.Append("\"/>").ToString();
    }

    /// <summary>The QR code of a link as an SVG image without a fixed size.</summary>
    public static string Svg(Uri link)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(link.AbsoluteUri, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(data);
        return svg.GetGraphic(
            new System.Drawing.Size(512, 512), "#000", "#fff", drawQuietZones: true,
            SvgQRCode.SizingMode.ViewBoxAttribute);
    }
}
