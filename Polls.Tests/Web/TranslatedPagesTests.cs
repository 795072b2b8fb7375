using Microsoft.Playwright;
using Polls.Api.Rooms;
using Polls.Core.RoomPolls;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;
using Polls.Tests.Web.Kinds;

namespace Polls.Tests.Web;

/// <summary>
/// The translator of a browser replaces text nodes. What people see must still be the present state: a page under a
/// translator shows the same as another one of the same kind without.
/// </summary>
[Collection(nameof(HostPages))]
public sealed class TranslatedPagesTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    // As Google's translator does, now and whenever text is added: either with new text nodes, or around the page's own.
    private const string Translator =
        """
        (movesNodes) => {
          const translate = (node) => {
            if (!node.isConnected || !node.data.trim() || node.parentElement.closest('font')) return;
            const [outer, inner] = [document.createElement('font'), document.createElement('font')];
            outer.append(inner);
            node.replaceWith(outer);
            inner.append(movesNodes ? node : node.data);
          };
          const all = (root) => {
            const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
            const found = root.nodeType === Node.TEXT_NODE ? [root] : [];
            while (texts.nextNode()) found.push(texts.currentNode);
            found.forEach(translate);
          };
          const app = document.getElementById('app');
          all(app);
          new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach(all))).observe(app, { childList: true, subtree: true });
        }
        """;

    [Theory]
    [InlineData("/")]
    [InlineData("/host")]
    [InlineData("/screen/123456")]
    public async Task Pages_ask_translators_to_leave_them_alone(string page)
    {
        var tab = await PhoneAsync(Cluster.A, page);
        await Assertions.Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("translate", "no");
        await Assertions.Expect(tab.Page.Locator("html")).ToHaveClassAsync("notranslate");
        await Assertions.Expect(tab.Page.Locator("meta[name=google]")).ToHaveAttributeAsync("content", "notranslate");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_translated_phone_shows_the_present_state(bool movesNodes)
    {
        var (room, polls) = await RoomAsync();
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code}");
        await phone.JoinButton.WaitForAsync();
        await phone.Page.EvaluateAsync(Translator, movesNodes);
        await phone.JoinAsync();
        var other = await JoinedPhoneAsync(Cluster.B, room);
        await SameAsync("waiting");
        await Cluster.A.DoAsync(room, polls[0], "open");
        await other.ShowsTallyAsync(0, 0, 0, 0);
        await SameAsync("an open poll");
        await EachAsync([phone, other], tab => TapAsync(tab, 0));
        await other.ShowsTallyAsync(2, 2, 0, 0);
        await EachAsync([phone, other], tab => tab.SaysAsync("counted"));
        await SameAsync("votes");
        await phone.HearsAsync(phone.Text("counted"));
        await EachAsync([phone, other], tab => TapAsync(tab, 1));
        await other.ShowsTallyAsync(2, 0, 2, 0);
        await SameAsync("changed votes");
        await EachAsync([phone, other], tab => tab.Page.EvaluateAsync("() => document.querySelector('.poll-foot .quiet').click()"));
        await other.ShowsTallyAsync(0, 0, 0, 0);
        await SameAsync("withdrawn votes");
        await Cluster.A.DoAsync(room, polls[1], "open");
        await other.SaysAsync("moreQuestions");
        await SameAsync("two questions");
        await Cluster.A.DoAsync(room, polls[0], "close");
        await other.SaysNoMoreAsync("moreQuestions");
        await SameAsync("the other question");
        await Cluster.A.DoAsync(room, polls[1], "close");
        await other.SaysAsync("results");
        await SameAsync("a result");
        await Cluster.A.DoAsync(room, polls[1], "hide-results");
        await other.SaysAsync("resultsHidden");
        await SameAsync("a hidden result");
        await EndAsync(room);
        await other.SaysAsync("thanks");
        await SameAsync("the end");

        Task SameAsync(string state) => ShowTheSameAsync(state, phone, other);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_translated_desk_and_screen_show_the_present_state(bool movesNodes)
    {
        var (room, polls) = await RoomAsync();
        // The screens show their instance's address.
        var (screen, otherScreen) = (await ScreenAsync(Cluster.A, room), await ScreenAsync(Cluster.A, room));
        var (desk, other) = (await DeskAsync(Cluster.A, room), await DeskAsync(Cluster.B, room));
        foreach (var tab in new Tab[] { screen, desk })
        {
            await tab.Page.Locator("h1").WaitForAsync();
            await tab.Page.EvaluateAsync(Translator, movesNodes);
        }

        await SameAsync("drafts");
        await Cluster.A.SendAsync<PollView>(
            HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{polls[0]}", room.HostToken, TestApi.Draft("Reworded?", options: 2));
        await other.ShowsPollAsync("Reworded?");
        await SameAsync("another question and fewer options");
        await Cluster.A.DoAsync(room, polls[0], "open");
        await other.ShowsTallyAsync(0, 0, 0);
        await SameAsync("an open poll");
        var voters = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Cluster.A.JoinAsync(room.Code)));
        for (var i = 0; i < voters.Length; i++)
        {
            await Cluster.A.VoteAsync(room.Code, polls[0], voters[i].Token, 0, i % 2);
            await EachAsync([other, otherScreen], tab => tab.ShowsTallyAsync(i + 1, 1 + (i / 2), (i + 1) / 2));
            await SameAsync($"{i + 1} votes");
        }

        await Cluster.A.DoAsync(room, polls[0], "hide-results");
        await other.SaysAsync("resultsHidden");
        await otherScreen.SaysAsync("hidden");
        await SameAsync("hidden results");
        await Cluster.A.DoAsync(room, polls[0], "close");
        await other.ShowsStateAsync("closed");
        await SameAsync("a closed poll");
        await Cluster.A.DoAsync(room, polls[1], "open");
        await EachAsync([other, otherScreen], tab => tab.SeesAsync("And now?"));
        await SameAsync("the next poll");
        await EndAsync(room);
        await EachAsync([other, otherScreen], tab => tab.SaysAsync("ended"));
        await SameAsync("the end");

        async Task SameAsync(string state)
        {
            await ShowTheSameAsync(state, desk, other);
            await ShowTheSameAsync(state, screen, otherScreen);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Translated_pages_show_the_present_state_of_every_kind(bool movesNodes)
    {
        // What each person has in an order of their own cannot be compared.
        string[] names = ["stars", "nps", "scales", "motion", "dice", "many ranks", "points", "words"];
        var room = await Cluster.A.CreateRoomAsync([.. names.Select(name => KindDrafts.All[name].Draft)]);
        var (screen, otherScreen) = (await ScreenAsync(Cluster.A, room), await ScreenAsync(Cluster.A, room));
        var (desk, otherDesk) = (await DeskAsync(Cluster.A, room), await DeskAsync(Cluster.B, room));
        var (phone, other) = (await JoinedPhoneAsync(Cluster.A, room), await JoinedPhoneAsync(Cluster.B, room));
        foreach (var tab in new Tab[] { screen, desk, phone })
        {
            await tab.Page.Locator("h1").First.WaitForAsync();
            await tab.Page.EvaluateAsync(Translator, movesNodes);
        }

        foreach (var (poll, name) in (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Zip(names))
        {
            await Cluster.A.DoAsync(room, poll.Id, "open");
            await other.Page.Locator(".poll-foot").WaitForAsync();
            await SameAsync("open");
            await Task.WhenAll(KindDrafts.AnswerAsync(phone), KindDrafts.AnswerAsync(other));
            await EachAsync([phone, other], tab => tab.SaysAsync("counted"));
            await KindDrafts.AnswerAsync(Cluster.A, room, poll.Id, KindDrafts.All[name].Answer(1));
            await Until.TrueAsync(async () => await otherScreen.TallyAsync() is [3, ..], "the screen shows all answers");
            await SameAsync("answered");
            await Cluster.A.DoAsync(room, poll.Id, "close");
            await other.Page.Locator(".result").WaitForAsync();
            await SameAsync("closed");

            async Task SameAsync(string state)
            {
                await ShowTheSameAsync($"{name}, {state}", phone, other);
                await ShowTheSameAsync($"{name}, {state}", desk, otherDesk);
                await ShowTheSameAsync($"{name}, {state}", screen, otherScreen);
            }
        }
    }

    [Fact]
    public async Task A_translated_countdown_goes_on()
    {
        var (room, _) = await Cluster.OpenRoomAsync(new PollSettings { DurationSeconds = 3000 });
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        var timer = phone.Page.GetByRole(AriaRole.Timer);
        await timer.WaitForAsync();
        await phone.Page.EvaluateAsync(Translator, false);
        for (var i = 0; i < 2; i++)
        {
            await Assertions.Expect(timer).Not.ToHaveTextAsync(await timer.InnerTextAsync());
        }
    }

    private async Task<(CreatedRoom Room, Guid[] Polls)> RoomAsync()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("Which one?"), TestApi.Draft("And now?"));
        return (room, [.. (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Select(poll => poll.Id)]);
    }

    private static async Task TapAsync(Tab tab, int option) =>
        await tab.Page.EvaluateAsync("(option) => document.querySelectorAll('.option')[option].click()", option);

    private static async Task ShowTheSameAsync(string state, Tab translated, Tab plain)
    {
        var (seen, expected) = ("", "");
        await Until.TrueAsync(
            async () => (seen = await SeenAsync(translated)) == (expected = await SeenAsync(plain)),
            () => $"both pages show the same ({state}): '{seen}' and '{expected}'");
    }

    private static Task<string> SeenAsync(Tab tab) =>
        tab.Page.EvaluateAsync<string>("() => document.querySelector('#app > :not(.unseen)').innerText.replace(/\\s+/g, ' ').trim()");
}
