using System.Globalization;
using Microsoft.Playwright;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Web.Kinds;

/// <summary>A ranking, from the desk's form to the result, by touch, keyboard and pointer.</summary>
[Collection(nameof(HostPages))]
public sealed class RankingTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    private const string Lunch = "What should be for lunch?";
    private const string Wins = "Wins every direct comparison";
    private static readonly string[] Meals = ["Soup", "Salad", "Pasta"];

    [Fact]
    public async Task People_rank_by_touch_and_keyboard_and_everyone_sees_the_exact_order()
    {
        var desk = await DeskAsync(Cluster.A);
        var room = await desk.StartRoomAsync("Lunch");
        await desk.WriteAsync(new(Lunch, PollKind.Ranking, Meals));
        await desk.Page.Locator("#kind-ranking").CheckAsync();
        await desk.Page.Locator("#ranking-least").SelectOptionAsync("2");
        await desk.Page.GetByLabel("Show the options to each person in a different order").UncheckAsync();
        await Assertions.Expect(desk.Page.Locator(".preview .unranked .option-text")).ToHaveTextAsync(Meals);
        await desk.SaveAsync();
        await desk.SeesAsync("At least 2");
        var poll = (await Cluster.B.StateAsync(room.Code, room.HostToken)).Polls.Single();
        (await AskAsync($"SELECT settings->>'places', settings->>'least', settings->>'shuffled' FROM polls WHERE id = '{poll.Id}'")).ShouldBe(["3|2|false"]);

        var screen = await desk.OpenScreenAsync();
        var ann = await JoinedPhoneAsync(Cluster.A, room);
        var bob = await JoinedPhoneAsync(Cluster.B, room);
        var cem = await JoinedPhoneAsync(Cluster.B, room);
        await desk.ClickAsync("openPoll");
        await EachAsync([ann, bob, cem], phone => phone.SeesAsync("Tap 2 to 3 in order, the best first"));

        await ann.VoteAsync("Soup");
        await IsMissingAsync(ann, "Rank 1 more");
        await ann.VoteAsync("Pasta");
        await ann.VoteAsync("Salad");
        await RankedAsync(ann, "Soup", "Pasta", "Salad");
        await SendAsync(ann);
        await bob.VoteAsync("Soup");
        await bob.VoteAsync("Salad");
        await SendAsync(bob);

        // By keyboard: the focus follows what is done.
        await cem.Page.Locator("[data-do='add 1']").FocusAsync();
        await cem.Page.Keyboard.PressAsync("Enter");
        await cem.HearsAsync("Salad. Place 1.");
        await IsFocusedAsync(cem, "add 2");
        await cem.Page.Keyboard.PressAsync("Enter");
        await IsFocusedAsync(cem, "add 0");
        await cem.Page.Locator("[data-do='up 2']").FocusAsync();
        await cem.Page.Keyboard.PressAsync("Enter");
        await RankedAsync(cem, "Pasta", "Salad");
        await cem.HearsAsync("Pasta. Place 1.");
        await IsFocusedAsync(cem, "up 2");
        await cem.Page.Locator("[data-do='remove 1']").FocusAsync();
        await cem.Page.Keyboard.PressAsync("Enter");
        await cem.HearsAsync("Salad. No longer ranked.");
        await IsFocusedAsync(cem, "remove 2");
        await IsMissingAsync(cem, "Rank 1 more");
        await cem.Page.Locator("[data-do='add 0']").FocusAsync();
        await cem.Page.Keyboard.PressAsync("Enter");
        await RankedAsync(cem, "Pasta", "Soup");
        await SendAsync(cem);

        await ShowAsync([desk, ann, bob, cem], ["Soup", "Pasta", "Salad"], 3, 8, 5, 3);
        await screen.SaysAsync("hidden");
        await EachAsync([desk, ann, bob, cem], tab => tab.SeesAsync(Wins));
        await ann.SeesAsync("Your place 2");

        await bob.Page.Locator("[data-do='up 1']").TapAsync();
        await RankedAsync(bob, "Salad", "Soup");
        await bob.Button("changeVote").TapAsync();
        await ShowAsync([desk, ann, bob, cem], ["Soup", "Pasta", "Salad"], 3, 7, 5, 4);
        await cem.Button("withdraw").TapAsync();
        await cem.SaysAsync("withdrawn");
        await ShowAsync([desk, ann, bob], ["Soup", "Salad", "Pasta"], 2, 5, 4, 2);
        await EachAsync([desk, ann, bob], tab => tab.SeesNoMoreAsync(Wins));
        await cem.ShowsTallyAsync();

        await desk.ClickAsync("closePoll");
        await EachAsync([ann, bob, cem], phone => phone.SaysAsync("results"));
        await ShowAsync([desk, screen, ann, bob, cem], ["Soup", "Salad", "Pasta"], 2, 5, 4, 2);
        await Assertions.Expect(bob.Page.Locator(".result-row", new() { HasText = "Salad" })).ToContainTextAsync("Your place 1");
        await cem.SeesNoMoreAsync("Your place");
        await desk.Page.Locator(".as-table > summary").ClickAsync();
        await desk.Page.Locator(".as-table td").First.WaitForAsync();
        // Soup, then Salad, then Pasta: place, average, points and votes per place; then against each other.
        await Assertions.Expect(desk.Page.Locator(".as-table td")).ToHaveTextAsync(
            [
                "1", "2.5", "5", "1", "1", "0", "2", "2.0", "4", "1", "0", "1", "3", "1.0", "2", "0", "1", "0",
                "", "1", "2", "1", "", "1", "0", "1", "",
            ]);
        (await Cluster.RecountAsync(poll.Id, 15)).ShouldBe(await Cluster.TallyAsync(poll.Id));
    }

    [Fact]
    public async Task Each_person_has_an_order_of_their_own_that_stays_after_a_reload()
    {
        string[] options = [.. Enumerable.Range(1, 8).Select(i => $"Option {i}")];
        var room = await Cluster.A.CreateRoomAsync(new PollDraft(
            Lunch, PollKind.Ranking, options, PollSettings.Of(new RankingSettings(2, 1, true)) with { ResultsVisibility = ResultsVisibility.HostOnly }));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single();
        await Cluster.A.DoAsync(room, poll.Id, "open");
        List<string> orders = [];
        foreach (var api in new[] { Cluster.A, Cluster.B, Cluster.B })
        {
            var phone = await JoinedPhoneAsync(api, room);
            await phone.SeesAsync("Tap 1 to 2 in order, the best first");
            var order = await phone.Page.Locator(".unranked .option-text").AllInnerTextsAsync();
            order.Order().ShouldBe(options);
            await phone.ReloadAsync();
            await phone.SeesAsync("Tap 1 to 2 in order, the best first");
            await Assertions.Expect(phone.Page.Locator(".unranked .option-text")).ToHaveTextAsync(order);
            orders.Add(string.Join(", ", order));

            await phone.VoteAsync(order[0]);
            await phone.VoteAsync(order[1]);
            await phone.VoteAsync(order[2]);
            await phone.SeesAsync("You can rank up to 2. Remove one first.");
            await SendAsync(phone);
            var best = (await AskAsync(
                $"SELECT mark / 2 FROM votes, unnest(marks) AS mark WHERE poll_id = '{poll.Id}' AND mark < 16 AND mark % 2 = 0 ORDER BY cast_at DESC LIMIT 1")).Single();
            options[int.Parse(best, CultureInfo.InvariantCulture)].ShouldBe(order[0]);
        }

        orders.Distinct().Count().ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_ranked_option_can_be_dragged_and_the_result_moves_calmly()
    {
        var room = await Cluster.A.CreateRoomAsync(new PollDraft(Lunch, PollKind.Ranking, Meals, PollSettings.Of(new RankingSettings(3, 3, false))));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single();
        await Cluster.A.DoAsync(room, poll.Id, "open");
        var screen = await ScreenAsync(Cluster.B, room, Look.Projector with { Motion = true });
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        foreach (var meal in Meals)
        {
            await phone.VoteAsync(meal);
        }

        var (from, to) = (await PlaceAsync("Pasta"), await PlaceAsync("Soup"));
        await phone.Page.Mouse.MoveAsync(from.X + 40, from.Y + (from.Height / 2));
        await phone.Page.Mouse.DownAsync();
        await phone.Page.Mouse.MoveAsync(to.X + 40, to.Y + (to.Height / 2), new() { Steps = 8 });
        await phone.Page.Mouse.UpAsync();
        await RankedAsync(phone, "Pasta", "Soup", "Salad");

        await screen.Page.Locator(".chart-row").First.WaitForAsync();
        await screen.Page.EvaluateAsync(
            """
            () => {
              window.moved = 0;
              const animate = Element.prototype.animate;
              Element.prototype.animate = function (...how) { window.moved++; return animate.apply(this, how); };
            }
            """);
        await SendAsync(phone);
        await ShowAsync([screen, phone], ["Pasta", "Soup", "Salad"], 1, 3, 2, 1);
        (await screen.Page.EvaluateAsync<int>("() => window.moved")).ShouldBeGreaterThan(0);

        async Task<LocatorBoundingBoxResult> PlaceAsync(string meal) => (await phone.Page.Locator(".ranked", new() { HasText = meal }).BoundingBoxAsync())!;
    }

    private static Task RankedAsync(Phone phone, params string[] options) => Until.TrueAsync(
        async () => (await phone.Page.Locator(".ranked .option-text").AllInnerTextsAsync()).SequenceEqual(options), $"ranked are {string.Join(", ", options)}");

    private static Task IsMissingAsync(Phone phone, string text) =>
        Assertions.Expect(phone.Page.GetByRole(AriaRole.Button, new() { Name = text, Exact = true })).ToHaveAttributeAsync("aria-disabled", "true");

    private static Task IsFocusedAsync(Phone phone, string button) => Assertions.Expect(phone.Page.Locator($"[data-do='{button}']")).ToBeFocusedAsync();

    private static async Task SendAsync(Phone phone)
    {
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Send ranking", Exact = true }).TapAsync();
        await phone.SaysAsync("counted");
    }

    /// <summary>Asserts the order, the number of voters, and the points in this order.</summary>
    private static Task ShowAsync(Tab[] tabs, string[] order, params int[] tally) => EachAsync(tabs, async tab =>
    {
        await tab.ShowsTallyAsync(tally);
        await Assertions.Expect(tab.Page.Locator(".result-row .result-text > [dir], .chart-text > [dir]")).ToHaveTextAsync(order);
    });
}
