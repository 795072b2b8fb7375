using Microsoft.Playwright;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Web.Kinds;

/// <summary>Estimates: numbers are read as their language writes them, and never rounded.</summary>
[Collection(nameof(HostPages))]
public sealed class NumericTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Theory]
    [InlineData("numerals.mjs")]
    [InlineData("ranges.mjs")]
    public async Task Typed_numbers_and_figures_are_those_of_the_shared_vectors(string script)
    {
        await PageChecks.ShouldFindNothingAsync(script);
    }

    [Fact]
    public async Task An_estimate_is_written_answered_in_three_languages_and_shown()
    {
        var desk = await DeskAsync(Cluster.A);
        var room = await desk.StartRoomAsync("Town");
        await desk.WriteAsync(new PollDraft("How tall is it?", PollKind.Numeric, []));
        await desk.Page.Locator("#kind-numeric").CheckAsync();
        await desk.Page.Locator("#visibility").SelectOptionAsync("live");
        await FaultAsync("#number-min", "abc", "Enter a number from -1,000,000,000 to 1,000,000,000.");
        await FaultAsync("#number-min", "0.5", "It must be a whole number.");
        await FaultAsync("#number-min", "100", "It must be above the lowest number.", "#number-max");
        await desk.Page.Locator("#number-min").FillAsync("\u22125");
        await FaultAsync("#number-max", "1,000,000,001", "Enter a number from -1,000,000,000 to 1,000,000,000.");
        await desk.Page.Locator("#number-max").FillAsync("1,000");
        await FaultAsync("#number-unit", "m\u202E", "The unit contains characters that can’t be shown.");
        await desk.Page.Locator("#number-unit").FillAsync("m");
        await desk.Page.Locator("#number-decimals").SelectOptionAsync("2");
        await desk.SaveAsync();
        await desk.SeesAsync("A number from -5 to 1,000\u00A0m, up to 2 decimals");
        var settings = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single().Settings.OfKind;
        (settings["min"].GetDecimal(), settings["max"].GetDecimal(), settings["decimals"].GetInt32(), settings["unit"].GetString()).ShouldBe((-5m, 1000m, 2, "m"));
        await desk.ClickAsync("openPoll");

        var screen = await ScreenAsync(Cluster.B, room);
        var english = await JoinedPhoneAsync(Cluster.A, room);
        var german = await JoinedPhoneAsync(Cluster.B, room, Look.Phone with { Language = "de" });
        var arabic = await JoinedPhoneAsync(Cluster.B, room, Look.Phone with { Language = "ar" });
        Tab[] all = [desk, screen, english, german, arabic];
        await EachAsync([desk, screen, english], tab => tab.SeesAsync("Median –"));

        await english.Page.Locator(".number-input").FillAsync("3.141");
        await english.SeesAsync("It can have up to 2 decimals.");
        await Assertions.Expect(english.Page.Locator(".poll-foot .primary")).ToHaveTextAsync("Enter a number from -5 to 1,000\u00A0m");
        await english.Page.Locator(".number-input").FillAsync("1001");
        await english.SeesAsync("It must be from -5 to 1,000\u00A0m.");
        await english.Page.Locator(".number-input").FillAsync("3,14");
        await english.SeesAsync("= 3.14\u00A0m");
        await english.Page.Keyboard.PressAsync("Enter");
        await english.SaysAsync("counted");
        await german.Page.Locator(".number-input").FillAsync("1.000,00");
        await german.SeesAsync("= 1000\u00A0m");
        await german.Page.Locator(".poll-foot .primary").TapAsync();
        await german.SaysAsync("counted");
        await arabic.Page.Locator(".number-input").FillAsync("\u2212\u0664\u066B\u0665");
        await arabic.Page.Locator(".poll-foot .primary").TapAsync();
        await arabic.SaysAsync("counted");
        await StoredAsync(-4.5m, 3.14m, 1000m);
        await EachAsync([desk, screen, english], tab => tab.SeesAsync("Median 3.14"));
        await desk.SeesAsync("The middle half: -4.5 to 1,000\u00A0m");

        await german.Page.Locator(".number-input").FillAsync("0,01");
        await german.Page.Locator(".poll-foot .primary").TapAsync();
        await EachAsync([desk, screen, english], tab => tab.SeesAsync("Median 0.01"));
        await StoredAsync(-4.5m, 0.01m, 3.14m);
        await arabic.Button("withdraw").TapAsync();
        await arabic.SaysAsync("withdrawn");
        await Assertions.Expect(arabic.Page.Locator(".number-input")).ToHaveValueAsync("");
        await EachAsync([desk, screen, english], tab => tab.SeesAsync("Median 1.575"));

        await desk.ClickAsync("closePoll");
        await EachAsync(all, tab => tab.Page.Locator(".histogram").First.WaitForAsync());
        await english.HearsAsync("Median 1.575\u00A0m.");
        await Assertions.Expect(english.Page.Locator(".number-result > p")).ToContainTextAsync("3.14\u00A0m");
        await Assertions.Expect(english.Page.Locator(".own-bin")).ToHaveCountAsync(1);
        await Assertions.Expect(german.Page.Locator(".number-result > p")).ToContainTextAsync("0,01\u00A0m");
        await english.Page.Locator("summary").TapAsync();
        await Assertions.Expect(english.Page.Locator(".as-table tbody th").First).ToHaveTextAsync("-5 to -0.01");

        async Task FaultAsync(string field, string text, string says, string? at = null)
        {
            await desk.Page.Locator(field).FillAsync(text);
            await desk.ClickAsync("save");
            await Assertions.Expect(desk.Page.Locator(at ?? field)).ToBeFocusedAsync();
            await Assertions.Expect(desk.Page.Locator($"{at ?? field}-about")).ToHaveTextAsync(says);
        }

        Task StoredAsync(decimal min, decimal median, decimal max) => Until.TrueAsync(
            async () => (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single().Tally?.Numbers is { N: 3 } numbers
                && (numbers.Min, numbers.Median, numbers.Max) == (min, median, max),
            "the numbers are stored as typed");
    }
}
