using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using QRCoder;

namespace Polls.Api.Rooms;

/// <summary>Where people reach the product. Bound from the section <c>Public</c>.</summary>
public sealed record PublicOptions
{
    /// <summary>Such as <c>https://polls.example</c>. Absent: the address that the request came in on.</summary>
    [Url(ErrorMessage = "Public:BaseUrl must be an absolute address such as https://polls.example, or absent.")]
    public string? BaseUrl { get; set; }
}

/// <summary>Links that people open.</summary>
public sealed class RoomLinks(IOptions<PublicOptions> options)
{
    /// <summary>Where a phone joins.</summary>
    public Uri Join(HttpContext http, string code) => Link(http, $"/r/{code}");

    /// <summary>Where a projector looks.</summary>
    public Uri Screen(HttpContext http, string code) => Link(http, $"/screen/{code}");

    private Uri Link(HttpContext http, string path) =>
        new(new Uri(options.Value.BaseUrl ?? $"{http.Request.Scheme}://{http.Request.Host}"), path);
}

/// <summary>QR codes.</summary>
public static class QrCode
{
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
