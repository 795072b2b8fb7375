using Microsoft.Playwright;
using Polls.Core.Storage;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web.Kinds;

/// <summary>Points, from the desk's form to the result, by touch and keyboard.</summary>
[Collection(nameof(HostPages))]
public sealed class PointsTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    private const string Budget = "Where should the money go?";

    [Fact]
    public async Task People_give_points_by_touch_and_keyboard_and_everyone_sees_the_exact_shares()
    {
        var desk = await DeskAsync(Cluster.A);
        var room = await desk.StartRoomAsync("Budget");
        await desk.WriteAsync(new(Budget, PollKind.Points, ["Soup", "Salad", "Pasta"]));
        await desk.Page.Locator("#kind-points").CheckAsync();
        await desk.Page.Locator("#points-total").FillAsync("1001");
        await desk.ClickAsync("save");
        await Assertions.Expect(desk.Page.Locator("#points-total")).ToHaveAttributeAsync("aria-invalid", "true");
        await desk.Page.Locator("#points-total").FillAsync("20");
        await desk.SaveAsync();
        await desk.SeesAsync("20 points");
        var poll = (await Cluster.B.StateAsync(room.Code, room.HostToken)).Polls.Single();
        (await AskAsync($"SELECT settings->>'points', settings->>'step', settings->>'spendAll' FROM polls WHERE id = '{poll.Id}'")).ShouldBe(["20|5|true"]);

        var screen = await desk.OpenScreenAsync();
        var ann = await JoinedPhoneAsync(Cluster.A, room);
        var bob = await JoinedPhoneAsync(Cluster.B, room);
        var cem = await JoinedPhoneAsync(Cluster.B, room);
        await desk.ClickAsync("openPoll");
        await EachAsync([ann, bob, cem], phone => phone.SeesAsync("Distribute 20 points"));

        await ann.Page.GetByLabel("More for Soup").TapAsync();
        await ann.Page.GetByLabel("More for Soup").TapAsync();
        await ann.Page.GetByLabel("More for Salad").TapAsync();
        await ann.HearsAsync("Salad. 5. 5 left.");
        await IsMissingAsync(ann, "5 left to give");
        await ann.Page.GetByLabel("More for Salad").TapAsync();
        await ann.Page.GetByLabel("More for Pasta").TapAsync(new() { Force = true });
        await ann.SeesAsync("All points are given. Take some away first.");
        await SendAsync(ann);
        await bob.Page.GetByRole(AriaRole.Button, new() { Name = "Split evenly" }).TapAsync();
        await GivesAsync(bob, "10", "5", "5");
        await SendAsync(bob);

        var pasta = cem.Page.GetByRole(AriaRole.Spinbutton, new() { Name = "Points for Pasta" });
        await pasta.FocusAsync();
        await cem.Page.Keyboard.TypeAsync("25");
        await IsMissingAsync(cem, "5 too many");
        await cem.Page.Keyboard.PressAsync("Backspace");
        await IsMissingAsync(cem, "Only in steps of 5");
        await cem.Page.Keyboard.PressAsync("ArrowUp");
        await GivesAsync(cem, "", "", "5");
        await cem.Page.Keyboard.PressAsync("PageUp");
        await GivesAsync(cem, "", "", "20");
        await cem.Page.Keyboard.PressAsync("ArrowDown");
        await cem.HearsAsync("Pasta. 15. 5 left.");
        await cem.Page.Keyboard.PressAsync("ArrowUp");
        await cem.Page.Keyboard.PressAsync("Enter");
        await cem.SaysAsync("counted");
        await ShowAsync([desk, ann, bob, cem], ["33%", "25%", "42%"], 3, 20, 15, 25);
        await screen.SaysAsync("hidden");
        await EachAsync([desk, ann, bob, cem], tab => tab.SeesAsync("8.3 on average"));

        await bob.Page.GetByLabel("Less for Soup").TapAsync();
        await IsMissingAsync(bob, "5 left to give");
        await bob.Page.GetByLabel("More for Pasta").TapAsync();
        await bob.Button("changeVote").TapAsync();
        await ShowAsync([desk, ann, bob, cem], ["25%", "25%", "50%"], 3, 15, 15, 30);
        await cem.Button("withdraw").TapAsync();
        await cem.SaysAsync("withdrawn");
        await ShowAsync([desk, ann, bob], ["38%", "37%", "25%"], 2, 15, 15, 10);
        await EachAsync([desk, ann, bob], tab => tab.SaysAsync("adjusted"));
        await cem.ShowsTallyAsync();

        await desk.ClickAsync("closePoll");
        await EachAsync([ann, bob, cem], phone => phone.SaysAsync("results"));
        await ShowAsync([desk, screen, ann, bob, cem], ["38%", "37%", "25%"], 2, 15, 15, 10);
        await Assertions.Expect(ann.Page.Locator(".result-row", new() { HasText = "Soup" })).ToContainTextAsync("You gave 10");
        await Assertions.Expect(bob.Page.Locator(".result-row", new() { HasText = "Pasta" })).ToContainTextAsync("from 1 person");
        await cem.SeesNoMoreAsync("You gave");
        (await Cluster.TallyAsync(poll.Id)).ShouldBe([2, 15, 15, 10, 2, 2, 1]);
    }

    private static Task IsMissingAsync(Phone phone, string text) =>
        Assertions.Expect(phone.Page.GetByRole(AriaRole.Button, new() { Name = text, Exact = true })).ToHaveAttributeAsync("aria-disabled", "true");

    private static async Task GivesAsync(Phone phone, params string[] points)
    {
        for (var i = 0; i < points.Length; i++)
        {
            await Assertions.Expect(phone.Page.GetByRole(AriaRole.Spinbutton).Nth(i)).ToHaveValueAsync(points[i]);
        }
    }

    private static async Task SendAsync(Phone phone)
    {
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Send points", Exact = true }).TapAsync();
        await phone.SaysAsync("counted");
    }

    /// <summary>Asserts the shares, the number of voters, and the points of each option.</summary>
    private static Task ShowAsync(Tab[] tabs, string[] shares, params int[] tally) => EachAsync(tabs, async tab =>
    {
        await tab.ShowsTallyAsync(tally);
        (await tab.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('.option-share > [aria-hidden], .chart-share > [aria-hidden]')]
              .map((share) => share.textContent.replace(share.querySelector('small').textContent, '').replace(/\s/g, ''))
            """)).ShouldBe(shares);
    });
}
