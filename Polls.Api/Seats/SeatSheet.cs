using System.Globalization;
using System.Security;
using System.Text;
using Polls.Api.Http;
using Polls.Core.Seats;

namespace Polls.Api.Seats;

/// <summary>Printable seat codes: A4 pages with three by eight slips to cut out, as SVG in millimetres.</summary>
internal static class SeatSheet
{
    public const int PerPage = Columns * Rows;
    private const int Columns = 3;
    private const int Rows = 8;
    private const double Width = 190.0 / Columns;
    private const double Height = 277.0 / Rows;
    private const int TitleLength = 19;
    private const double Words = Height - 1;

    public static string Svg(string title, IReadOnlyList<(int Number, string Code, Uri Link)> seats)
    {
        var shown = SecurityElement.Escape(title.Length > TitleLength ? $"{title.AsSpan(0, TitleLength - 1)}…" : title);
        var svg = new StringBuilder();
        svg.Append(
            """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297" """
            + """width="210mm" height="297mm" font-family="sans-serif">""");
        svg.Append("""<rect width="210" height="297" fill="#fff"/>""");
        for (var i = 0; i < seats.Count; i++)
        {
            var (number, code, link) = seats[i];
            var (x, y) = (10 + (i % Columns * Width), 10 + (i / Columns * Height));
            svg.Append(CultureInfo.InvariantCulture, $"""<g transform="translate({x:0.##} {y:0.##})">""");
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""<rect width="{Width:0.##}" height="{Height:0.##}" fill="none" """
                + $"""stroke="#999" stroke-width=".15" stroke-dasharray="1 1"/>""");
            var modules = QrCode.Modules(link, out var size);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""<svg x="1.5" y="2" width="{Height - 4:0.##}" height="{Height - 4:0.##}" """
                + $"""viewBox="0 0 {size} {size}" shape-rendering="crispEdges">{modules}</svg>""");
            // A nested svg element clips at its edge, so that text that is too wide does not reach the next slip.
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""<svg x="{Words:0.##}" width="{Width - Words - 1:0.##}" height="{Height:0.##}">""");
            svg.Append(CultureInfo.InvariantCulture, $"""<text y="9" font-size="2.6">{shown}</text>""");
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""<text y="18" font-size="4.4" font-family="monospace" font-weight="bold">"""
                + $"""{SeatCode.Show(code)}</text>""");
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""<text y="26" font-size="2.6" fill="#555">{link.Host} · {number}</text></svg></g>""");
        }

        return svg.Append("</svg>").ToString();
    }
}
