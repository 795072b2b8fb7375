using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Polls.Core;
using Polls.Core.Seats;
using QRCoder;

namespace Polls.Api.Rooms;

/// <summary>Where people reach the product. Bound from the section <c>Public</c>.</summary>
public sealed record PublicOptions
{
    /// <summary>
    /// Such as <c>https://polls.example</c>, with a path if a proxy serves it under one. Absent: the address that the
    /// request came in on, which whoever sends the request chooses.
    /// </summary>
    [CustomValidation(typeof(PublicOptions), nameof(Check))]
    public string? BaseUrl { get; set; }

    /// <summary>Accepts an absolute http or https address without query and fragment, or none.</summary>
    public static ValidationResult? Check(string? baseUrl) =>
        baseUrl is null || (RoomLinks.Base(baseUrl) is { Query: "", Fragment: "" })
            ? ValidationResult.Success
            : new ValidationResult("Public:BaseUrl must be an absolute address such as https://polls.example, or absent.");
}

/// <summary>Links that people open.</summary>
public sealed class RoomLinks(IOptions<PublicOptions> options)
{
    private readonly Uri? configured = options.Value.BaseUrl is { } given ? Base(given) : null;

    /// <summary>Where the product is, as people reach it; or the refusal of a request whose <c>Host</c> makes no address.</summary>
    public Outcome<Uri> Home(HttpContext http) =>
        configured ?? Base($"{http.Request.Scheme}://{http.Request.Host}") ?? (Outcome<Uri>)Refusals.Invalid(
            "request.malformed", "The Host header is missing or no address.");

    /// <summary>Where a phone joins.</summary>
    public static Uri Join(Uri home, string code) => new(home, $"r/{code}");

    /// <summary>Where the phone of somebody with a seat code joins.</summary>
    public static Uri Seat(Uri home, string code, string seat) => new(home, $"r/{code}#seat={SeatCode.Show(seat)}");

    /// <summary>Where a projector looks.</summary>
    public static Uri Screen(Uri home, string code) => new(home, $"screen/{code}");

    /// <summary>The address with a closing slash, so that links stay below its path; null when it is none.</summary>
    internal static Uri? Base(string address) =>
        Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0
            ? uri
            : null;
}

/// <summary>QR codes.</summary>
public static class QrCode
{
    /// <summary>One path with a unit square for every dark module of the link, for pictures of many.</summary>
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

    /// <summary>An SVG picture of the link, scaled by whoever shows it.</summary>
    public static string Svg(Uri link)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(link.AbsoluteUri, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(data);
        return svg.GetGraphic(
            new System.Drawing.Size(512, 512), "#000", "#fff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }
}
