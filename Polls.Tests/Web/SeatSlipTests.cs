using System.Xml.Linq;
using Microsoft.Playwright;
using Polls.Api.Rooms;
using Polls.Api.Seats;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>A person with nothing but a printed slip, and a phone that cannot scan it.</summary>
[Collection(nameof(HostPages))]
public sealed class SeatSlipTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Theory]
    [InlineData("plain")]
    [InlineData("carelessly")]
    [InlineData("in full width")]
    [InlineData("in Arabic digits")]
    public async Task What_is_printed_on_a_slip_can_be_typed_in(string how)
    {
        var (room, codes) = await Cluster.A.SeatRoomAsync(2);
        var slip = await SlipAsync(room, 0);
        slip.Count.ShouldBe(3, "the address, the room's code and the seat code, in the order of typing");
        slip[0].ShouldBe(Cluster.A.Address.Authority);
        slip[1].Replace(" ", "", StringComparison.Ordinal).ShouldBe(room.Code);
        slip[2].ShouldBe(codes[0]);

        var phone = await NewPhoneAsync(Cluster.A, Look.Phone);
        await phone.GoAsync($"http://{slip[0]}");
        await TypeAsync("#code", slip[1]);
        await phone.IsAtAsync($"^/r/{room.Code}$");
        await TypeAsync("#seat", slip[2]);
        await Assertions.Expect(phone.Seat).ToHaveValueAsync(codes[0]);
        await phone.JoinAsync();
        await phone.SaysAsync("waiting");

        Task TypeAsync(string field, string printed)
        {
            var typed = how switch
            {
                "carelessly" => printed.Replace('-', ' ').ToLowerInvariant().Replace('0', 'o').Replace('1', 'l'),
                "in full width" => string.Concat(printed.Where(char.IsAsciiLetterOrDigit).Select(c => (char)(c + 0xFEE0))),
                "in Arabic digits" => string.Concat(printed.Select(c => char.IsAsciiDigit(c) ? (char)(c - '0' + '\u0660') : c)),
                _ => printed,
            };
            // Letters that look like digits are a matter of seat codes; the room's code has digits only.
            return phone.Page.Locator(field).PressSequentiallyAsync(field == "#code" && how == "carelessly" ? printed : typed);
        }
    }

    [Fact]
    public async Task A_seat_code_can_be_written_with_an_input_method()
    {
        var (room, codes) = await Cluster.A.SeatRoomAsync(1);
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code}");
        await phone.Seat.FocusAsync();
        var browser = await phone.Page.Context.NewCDPSessionAsync(phone.Page);
        var typed = "";
        foreach (var c in codes[0].Where(char.IsAsciiLetterOrDigit).Select(c => (char)(c + 0xFEE0)))
        {
            typed += c;
            await browser.SendAsync("Input.imeSetComposition", new() { ["text"] = typed, ["selectionStart"] = typed.Length, ["selectionEnd"] = typed.Length });
            // The method's text stays as it is until it has ended.
            await Assertions.Expect(phone.Seat).ToHaveValueAsync(typed);
        }

        await browser.SendAsync("Input.insertText", new() { ["text"] = typed });
        await Assertions.Expect(phone.Seat).ToHaveValueAsync(codes[0]);
        await phone.JoinAsync();
        await phone.SaysAsync("waiting");
    }

    [Theory]
    [InlineData("The assembly", null)]
    [InlineData("\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466 Elternversammlung der Grundschule am Stadtpark", "voting.some-town.municipality-of-the-valley.example/assembly/2026")]
    [InlineData("الجمعية العمومية لسكان الحي", null)]
    public async Task Everything_on_a_slip_has_its_own_place_on_it(string title, string? address)
    {
        var room = await Cluster.A.CreateRoomAsync("seatCode", title);
        await Cluster.A.SendAsync<SeatList>(HttpMethod.Post, $"/api/rooms/{room.Code}/seats", room.HostToken, new { count = 24 });
        var sheet = (await SheetAsync(room)).ToString(SaveOptions.DisableFormatting);
        if (address is not null)
        {
            sheet = SeatSheet.Svg(title, new Uri($"https://{address}/"), room.Code, [.. Enumerable.Range(1, 24).Select(i => (9_976 + i, "WWWWMMMM"))]);
        }

        var desk = await NewDeskAsync(Cluster.A, Look.Laptop);
        await desk.Page.SetContentAsync($"<body style='margin:0'>{sheet}</body>");
        (await desk.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('.slip')].flatMap((slip, i) => {
              const edge = slip.querySelector('rect').getBoundingClientRect();
              const parts = [...slip.querySelectorAll('text, svg')].map((part) => [part.textContent || 'the QR code', part.getBoundingClientRect()]);
              const outside = parts.filter(([, box]) => box.left < edge.left || box.top < edge.top || box.right > edge.right || box.bottom > edge.bottom);
              const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
              const together = parts.flatMap(([one, box], at) => parts.slice(at + 1).filter(([, other]) => !apart(box, other)).map(([two]) => `${one} and ${two}`));
              return [...outside.map(([what, box]) => `${i}: ${what} sticks out: ${box.right} > ${edge.right}`), ...together.map((both) => `${i}: ${both} overlap`)];
            })
            """)).ShouldBeEmpty();
    }

    [Fact]
    public void A_long_title_is_cut_between_characters()
    {
        const string Family = "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466";
        var svg = SeatSheet.Svg(string.Concat(Enumerable.Repeat(Family, 40)), new Uri("https://polls.example/"), "482913", [(1, "ABCD1234")]);
        XDocument.Parse(svg).Descendants().First(element => element.Name.LocalName == "text").Value
            .ShouldBe(string.Concat(Enumerable.Repeat(Family, 31)) + "…");
    }

    [Theory]
    [InlineData("https://polls.example/", "polls.example")]
    [InlineData("http://192.168.1.5:8080/", "192.168.1.5:8080")]
    [InlineData("https://town.example/polls/", "town.example/polls")]
    public void The_address_is_all_that_a_browser_needs(string home, string address) =>
        Typed(XElement.Parse(SeatSheet.Svg("Tea", new Uri(home), "482913", [(1, "ABCD1234")]))).ShouldBe([address, "482 913", "ABCD-1234"]);

    private async Task<IReadOnlyList<string>> SlipAsync(CreatedRoom room, int number) =>
        Typed((await SheetAsync(room)).Elements().Where(element => (string?)element.Attribute("class") == "slip").ElementAt(number));

    private static List<string> Typed(XElement part) =>
        [.. part.Descendants().Where(element => (string?)element.Attribute("class") == "typed").Select(text => text.Value)];

    private async Task<XElement> SheetAsync(CreatedRoom room)
    {
        using var answer = await Cluster.A.SendAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/seats/sheets/1.svg", room.HostToken, null);
        return XElement.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }
}
