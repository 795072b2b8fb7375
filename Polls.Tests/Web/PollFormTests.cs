using Microsoft.Playwright;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>The form for writing a poll says what is wrong at the field that is wrong, and loses no key.</summary>
[Collection(nameof(HostPages))]
public sealed class PollFormTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task The_appearance_of_texts_is_that_of_the_shared_vectors()
    {
        await PageChecks.ShouldFindNothingAsync("appearance.mjs");
    }

    [Fact]
    public async Task The_first_letter_after_Enter_belongs_to_the_next_option()
    {
        var desk = await WritingAsync();
        await desk.Page.Locator("#option-1").FillAsync("Two");
        await desk.Page.Locator("#option-1").FocusAsync();
        // A browser handles the next key when all microtasks have run, maybe before the next frame.
        (await desk.Page.EvaluateAsync<string>(
            """
            async () => {
              document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
              await new Promise((done) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = done; port2.postMessage(''); });
              return document.activeElement.id;
            }
            """)).ShouldBe("option-2");
        (await desk.Page.EvaluateAsync<string>(
            """
            () => {
              document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Backspace', bubbles: true, cancelable: true }));
              return Promise.resolve().then(() => Promise.resolve()).then(() => document.activeElement.id);
            }
            """)).ShouldBe("option-1");
        await desk.Page.Keyboard.TypeAsync("\nThree\nFour");
        foreach (var (at, text) in new[] { (1, "Two"), (2, "Three"), (3, "Four") })
        {
            await Assertions.Expect(desk.Page.Locator($"#option-{at}")).ToHaveValueAsync(text);
        }
    }

    [Theory]
    [InlineData("A", " A ", "sameOption")]
    [InlineData("Café", "Cafe\u0301", "sameOption")]
    [InlineData("Yes", "Y\u200Bes", "sameOption")]
    [InlineData("Yes or no", "Yes  or\u00A0no", "sameOption")]
    [InlineData("Yes", "\u2060\u200B", "invisibleOption")]
    [InlineData("Yes", "\u3164", "invisibleOption")]
    [InlineData("Yes", "No\u202E", "badOption")]
    public async Task An_option_that_cannot_stay_is_told_at_its_field_before_it_is_sent(string first, string third, string textName)
    {
        var desk = await WritingAsync();
        await desk.Question.FillAsync("Which one?");
        await desk.ClickAsync("addOption");
        foreach (var (at, text) in new[] { (0, first), (1, "Another"), (2, third) })
        {
            await desk.Page.Locator($"#option-{at}").FillAsync(text);
        }

        await IsBadAsync(desk, "#option-2", textName);
        await IsGoodAsync(desk, "#option-0");
        await desk.ClickAsync("save");
        await Assertions.Expect(desk.Page.Locator("#option-2")).ToBeFocusedAsync();
        await desk.HearsAsync(desk.Text(textName));
        await desk.IsSoundAsync();
        desk.Traffic.Addresses.ShouldAllBe(address => !address.EndsWith("/polls", StringComparison.Ordinal));
        await desk.Page.Locator("#option-2").FillAsync("a");
        await IsGoodAsync(desk, "#option-2");
        await desk.SaveAsync();
    }

    [Fact]
    public async Task Families_of_emoji_and_upper_case_are_options_of_their_own()
    {
        var desk = await WritingAsync();
        string[] options = ["A", "a", "\U0001F468\u200D\U0001F469\u200D\U0001F467", "\U0001F468\U0001F469\U0001F467"];
        await desk.Question.FillAsync("Which one?");
        for (var at = 0; at < options.Length; at++)
        {
            if (at >= 2)
            {
                await desk.ClickAsync("addOption");
            }

            await desk.Page.Locator($"#option-{at}").FillAsync(options[at]);
        }

        await desk.SaveAsync();
        var room = await desk.RoomAsync();
        (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.ShouldHaveSingleItem().Options.ShouldBe(options);
    }

    [Fact]
    public async Task A_problem_leads_to_the_field_that_has_it()
    {
        var desk = await WritingAsync();
        await desk.Question.FillAsync("\u200B\u2060");
        await SavedInVainAsync("#question", "badQuestion", await desk.NumberAsync(500));
        await desk.Question.FillAsync("Which one?");
        await desk.Page.Locator("#option-0").FillAsync("One");
        await SavedInVainAsync("#option-1", "badOptions", await desk.NumberAsync(2), await desk.NumberAsync(200));
        await IsGoodAsync(desk, "#option-0");
        await desk.Page.Locator("#option-1").FillAsync("Two");
        await desk.TickAsync("custom");
        await SavedInVainAsync("#form-seconds", "badSeconds", await desk.NumberAsync(86_400));
        await desk.TickAsync("noTimer");
        await desk.SaveAsync();

        // The same where the poll is opened.
        await desk.TickAsync("custom");
        await desk.ClickAsync("openPoll");
        await Assertions.Expect(desk.Page.Locator("#open-seconds")).ToBeFocusedAsync();
        await IsBadAsync(desk, "#open-seconds", "badSeconds", await desk.NumberAsync(86_400));

        async Task SavedInVainAsync(string field, string textName, params string[] values)
        {
            await desk.ClickAsync("save");
            await Assertions.Expect(desk.Page.Locator(field)).ToBeFocusedAsync();
            await IsBadAsync(desk, field, textName, values);
        }
    }

    [Fact]
    public async Task A_refusal_of_the_server_is_no_fault_of_a_field()
    {
        var desk = await DeskAsync(Cluster.A);
        await desk.Page.RouteAsync("**/api/rooms", route => route.AbortAsync());
        desk.Traffic.ExpectBrokenConnections();
        await desk.Page.GetByLabel(desk.Text("roomTitle")).FillAsync("\u200B");
        await desk.ClickAsync("create");
        await Assertions.Expect(desk.Page.Locator("#room-title")).ToBeFocusedAsync();
        await IsBadAsync(desk, "#room-title", "badTitle", await desk.NumberAsync(200));
        await desk.Page.Locator("#room-title").FillAsync("Friday");
        await desk.ClickAsync("create");
        await desk.SaysAsync("offline");
        await Assertions.Expect(desk.Page.Locator("#room-title")).ToHaveAttributeAsync("aria-invalid", "false");
    }

    private async Task<Desk> WritingAsync()
    {
        var desk = await DeskAsync(Cluster.A, await Cluster.A.CreateRoomAsync());
        await Desk.ClickAsync(desk.Page.Locator(".inviting .button"));
        await Assertions.Expect(desk.Question).ToBeFocusedAsync();
        return desk;
    }

    private static async Task IsBadAsync(Desk desk, string field, string textName, params string[] values)
    {
        await Assertions.Expect(desk.Page.Locator(field)).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(desk.Page.Locator(field)).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex(
            System.Text.RegularExpressions.Regex.Escape(desk.Text(textName, values))));
    }

    private static Task IsGoodAsync(Desk desk, string field) =>
        Assertions.Expect(desk.Page.Locator(field)).ToHaveAttributeAsync("aria-invalid", "false");
}
