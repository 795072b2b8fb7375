using Microsoft.Playwright;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Web;

/// <summary>The focus never falls to the body of the page: a keyboard or a screen reader would begin again at its top.</summary>
[Collection(nameof(PhonePages))]
public sealed class FocusTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task On_the_phone_the_focus_goes_to_what_became_of_the_vote()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var several = await Cluster.A.WriteAsync(room, TestApi.Draft("Which ones?", 3, PollKind.MultipleChoice));
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code}");
        await PressAsync(phone, phone.JoinButton);
        await IsAtAsync(phone, "h1", "Which one?");

        // A single choice keeps the focus on the option; withdrawing removes the button.
        await PressAsync(phone, phone.Option("Option 2"));
        await phone.CountedAsync("Option 2");
        await IsAtAsync(phone, ".option", "Option 2");
        await PressAsync(phone, phone.Button("withdraw"));
        await IsAtAsync(phone, ".fate", phone.Text("withdrawn"));
        await Cluster.A.DoAsync(room, poll, "close");
        await IsAtAsync(phone, "h1", "Which one?");

        await Cluster.A.DoAsync(room, several.Id, "open");
        await IsAtAsync(phone, "h1", "Which ones?");
        await PressAsync(phone, phone.Option("Option 1"));
        await PressAsync(phone, phone.Button("sendVote"));
        await IsAtAsync(phone, ".fate", phone.Text("counted"));
        await PressAsync(phone, phone.Option("Option 3"));
        await PressAsync(phone, phone.Button("changeVote"));
        await IsAtAsync(phone, ".fate", phone.Text("counted"));
        await PressAsync(phone, phone.Button("withdraw"));
        await IsAtAsync(phone, ".fate", phone.Text("withdrawn"));

        // What was chosen but not sent is told when the poll closes, until it has been read.
        await PressAsync(phone, phone.Option("Option 2"));
        await Cluster.A.DoAsync(room, several.Id, "reset");
        await Cluster.A.DoAsync(room, poll, "open");
        await IsAtAsync(phone, "h1", "Which one?");
        await PressAsync(phone, phone.Button("understood"));
        await IsAtAsync(phone, "h1", "Which one?");
        await EndAsync(room);
        await IsAtAsync(phone, "h1", phone.Text("ended"));
    }

    [Fact]
    public async Task On_the_desk_the_focus_stays_near_what_was_done()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("First?"), TestApi.Draft("Second?"));
        var desk = await DeskAsync(Cluster.A, room, new Look(1280, 800, Touch: false));
        await desk.ShowsPollAsync("First?");
        await PressAsync(desk, desk.Button("openPoll"));
        await desk.ShowsStateAsync("open");
        await IsAtAsync(desk, ".button.big", desk.Text("closePoll"));
        await PressAsync(desk, desk.Button("closePoll"));
        await desk.ShowsStateAsync("closed");
        await IsAtAsync(desk, ".button.big", desk.Text("nextPoll"));
        await PressAsync(desk, desk.Button("nextPoll"));
        await IsAtAsync(desk, "#poll-title", "Second?");

        await PressAsync(desk, desk.Button("duplicate"));
        await IsAtAsync(desk, "#question", "");
        await desk.Question.FillAsync("Third?");
        await PressAsync(desk, desk.Button("save"));
        await IsAtAsync(desk, "#poll-title", "Third?");
        await PressAsync(desk, desk.Button("edit"));
        await IsAtAsync(desk, "#question", "");
        await PressAsync(desk, desk.Button("cancel"));
        await IsAtAsync(desk, "#poll-title", "Third?");

        // The desk repeats a command that its own reordering, of which it has not heard yet, has overtaken.
        desk.Traffic.ExpectStatus(412);
        await desk.ClickAsync("changeOrder");
        await PressAsync(desk, desk.Button("moveUp", "Third?"));
        await desk.ListsAsync("First?", "Third?", "Second?");
        await IsNamedAsync(desk, desk.Text("moveUp", "Third?"));
        await PressAsync(desk, desk.Button("moveDown", "First?"));
        await desk.ListsAsync("Third?", "First?", "Second?");
        await IsNamedAsync(desk, desk.Text("moveDown", "First?"));

        await PressAsync(desk, desk.Button("delete"));
        // The safe answer gets the focus when the dialog has opened.
        await Assertions.Expect(desk.Dialog.GetByRole(AriaRole.Button, new() { Name = desk.Text("cancel"), Exact = true })).ToBeFocusedAsync();
        await PressAsync(desk, desk.Dialog.GetByRole(AriaRole.Button, new() { Name = desk.Text("delete"), Exact = true }));
        await desk.ListsAsync("First?", "Second?");
        await IsAtAsync(desk, "#list-title", desk.Text("polls"));
    }

    [Fact]
    public async Task Keys_that_step_through_the_polls_leave_one_highlight()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("First?"), TestApi.Draft("Second?"), TestApi.Draft("Third?"));
        var desk = await DeskAsync(Cluster.A, room, new Look(1280, 800, Touch: false));
        await desk.ShowsPollAsync("First?");
        await PressAsync(desk, desk.Page.Locator(".poll-item", new() { HasText = "First?" }));
        foreach (var (key, question) in new[] { ("n", "Second?"), ("n", "Third?"), ("p", "Second?"), ("p", "First?") })
        {
            await desk.Page.Keyboard.PressAsync(key);
            await desk.ShowsPollAsync(question);
            (await desk.Page.EvaluateAsync<string[]>(
                "() => [...document.querySelectorAll('.poll-item:is([aria-current=true], :focus-visible) .poll-item-text')].map((text) => text.textContent)"))
                .ShouldBe([question]);
        }
    }

    /// <summary>Uses a button with the keyboard, as soon as it is enabled.</summary>
    private static async Task PressAsync(Tab tab, ILocator button)
    {
        await Assertions.Expect(button).Not.ToHaveAttributeAsync("aria-disabled", "true");
        await button.FocusAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
    }

    private static async Task IsAtAsync(Tab tab, string selector, string text)
    {
        var focused = "";
        await Until.TrueAsync(
            async () =>
            {
                focused = await tab.Page.EvaluateAsync<string>(
                    """
                    ([selector, text]) => {
                      const { activeElement } = document;
                      return activeElement.matches(selector) && activeElement.innerText.includes(text) ? '' : activeElement.outerHTML.slice(0, 200);
                    }
                    """,
                    new[] { selector, text });
                return focused.Length == 0;
            },
            () => $"the focus is at {selector} '{text}', but it is at {focused}");
    }

    private static Task IsNamedAsync(Tab tab, string name) => Until.TrueAsync(
        () => tab.Page.EvaluateAsync<bool>("(name) => document.activeElement.ariaLabel === name", name), $"the focus is at '{name}'");
}
