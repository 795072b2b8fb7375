using System.Globalization;
using System.Security;
using System.Text;
using Polls.Api.Http;
using Polls.Core.Seats;

namespace Polls.Api.Seats;

/// <summary>
/// Printable seat codes: A4 pages with three by eight slips to cut out, as SVG in millimetres. A slip has a QR code
/// and, for typing, the address, the room's code and the seat code, in this order. It has no words, because the
/// language of the people in the room is not known.
/// </summary>
internal static class SeatSheet
{
    public const int PerPage = Columns * Rows;
    private const int Columns = 3;
    private const int Rows = 8;
    private const double Width = 190.0 / Columns;
    private const double Height = 277.0 / Rows;
    private const double Margin = 2;

    /// <summary>In characters as people see them; emoji stay whole.</summary>
    private const int TitleLength = 32;

    // In these fonts 0 and O, and 1 and l, are different. All their characters have the same width.
    private const string TypedFont =
        "ui-monospace,'Cascadia Mono',Consolas,Menlo,'DejaVu Sans Mono','Liberation Mono',monospace";

    private const double CharacterWidth = 0.61;
    private const double LargestAddress = 3.4;
    private const double SmallestAddress = 1.9;

    public static string Svg(string title, Uri home, string room, IReadOnlyList<(int Number, string Code)> seats)
    {
        var characters = new StringInfo(title);
        var name = characters.LengthInTextElements > TitleLength
            ? characters.SubstringByTextElements(0, TitleLength - 1) + "…"
            : title;
        var head = $"""
            <text x="{Margin}" y="4.4" font-size="2.8">{SecurityElement.Escape(name)}</text>
            {Address(home.Authority + home.AbsolutePath.TrimEnd('/'))}
            {Typed("2", 26, 19, 4.4, $"{room[..3]} {room[3..]}")}
            """;
        var svg = new StringBuilder();
        svg.Append(
            """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297" """
            + """width="210mm" height="297mm" font-family="sans-serif">""");
        svg.Append("""<rect width="210" height="297" fill="#fff"/>""");
        for (var i = 0; i < seats.Count; i++)
        {
            var (number, code) = seats[i];
            var (x, y) = (10 + (i % Columns * Width), 10 + (i / Columns * Height));
            // A nested svg element clips at its edge, so that text that is too wide does not reach the next slip.
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""<svg class="slip" x="{x:0.##}" y="{y:0.##}" width="{Width:0.##}" height="{Height:0.##}">""");
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""<rect width="{Width:0.##}" height="{Height:0.##}" fill="none" """
                + $"""stroke="#999" stroke-width=".15" stroke-dasharray="1 1"/>""");
            svg.Append(head);
            var modules = QrCode.Modules(RoomLinks.Seat(home, room, code), out var size);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""<svg x="{Margin}" y="11.4" width="21.4" height="21.4" """
                + $"""viewBox="0 0 {size} {size}" shape-rendering="crispEdges">{modules}</svg>""");
            svg.Append(Typed("3", 26, 27.5, 5, SeatCode.Show(code), "font-weight=\"bold\""));
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""<text x="{Width - Margin:0.##}" y="33" font-size="2.4" """
                + $"""fill="#555" text-anchor="end">{number}</text></svg>""");
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>The address without its scheme, which browsers add; a long one is smaller, and then narrower.</summary>
    private static string Address(string address)
    {
        const double Left = Margin + 3;
        const double Space = Width - Left - Margin;
        var fitting = Space / CharacterWidth / address.Length;
        var narrowed = string.Create(
            CultureInfo.InvariantCulture, $"textLength=\"{Space:0.##}\" lengthAdjust=\"spacingAndGlyphs\"");
        return Typed(
            "1", Margin, 8.6, Math.Clamp(fitting, SmallestAddress, LargestAddress), SecurityElement.Escape(address),
            fitting < SmallestAddress ? narrowed : "");
    }

    /// <summary>A line to type, after its place in the order.</summary>
    private static string Typed(
        string place, double x, double y, double size, string text, string attributes = "") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            <text x="{x:0.##}" y="{y:0.##}" font-size="2.4" fill="#555">{place}</text>
            <text class="typed" x="{x + 3:0.##}" y="{y:0.##}" font-size="{size:0.##}" font-family="{TypedFont}"
              {attributes}>
            """)
        + $"{text}</text>";
}
