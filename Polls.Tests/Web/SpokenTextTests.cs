using Microsoft.Playwright;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>What screen readers say: sentences with one full stop, and names where they are spoken.</summary>
[Collection(nameof(HostPages))]
public sealed class SpokenTextTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    // Records all live regions and names of elements, and names on elements that cannot have one.
    private const string Recorder =
        """
        window.spoken = new Set();
        window.unspoken = new Set();
        const note = (text) => text?.trim() && window.spoken.add(text.trim());
        const isNameless = (element) => !element.hasAttribute('role')
          && ['P', 'DIV', 'SPAN', 'B', 'I', 'STRONG', 'EM', 'SMALL', 'LABEL', 'LEGEND', 'CODE'].includes(element.tagName);
        new MutationObserver(() => {
          for (const region of document.querySelectorAll('#app [role=status], #app [role=alert], #app [aria-live]')) note(region.textContent);
          for (const element of document.querySelectorAll('#app [aria-label], #app [alt], #app [title]')) {
            for (const name of ['aria-label', 'alt', 'title']) note(element.getAttribute(name));
            if (element.hasAttribute('aria-label') && isNameless(element)) window.unspoken.add(element.outerHTML);
          }
        }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
        """;

    [Fact]
    public async Task What_is_said_of_an_option_does_not_add_to_its_own_punctuation()
    {
        var room = await Cluster.A.CreateRoomAsync(
            new PollDraft("In order!", PollKind.Ranking, ["Yes.", "No!"]), new PollDraft("Points?", PollKind.Points, ["Two:", "Three"]));
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        await Cluster.A.DoAsync(room, polls[0].Id, "open");
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.Option("Yes.").TapAsync();
        await phone.HearsAsync("Yes. Place 1.");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Remove Yes." }).TapAsync();
        await phone.HearsAsync("Yes. No longer ranked.");

        await Cluster.A.DoAsync(room, polls[0].Id, "close");
        await Cluster.A.DoAsync(room, polls[1].Id, "open");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "More for Two:" }).TapAsync();
        await phone.HearsAsync("Two: 5. 95 left.");
    }

    [Fact]
    public async Task While_votes_arrive_a_summary_is_said_at_most_every_five_seconds()
    {
        var room = await Cluster.A.CreateRoomAsync(new PollDraft("Lunch?", PollKind.SingleChoice, ["Soup", "Salad"]));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single().Id;
        await Cluster.A.DoAsync(room, poll, "open");
        var (phone, desk, screen) = (await JoinedPhoneAsync(Cluster.A, room), await DeskAsync(Cluster.B, room), await ScreenAsync(Cluster.B, room));
        await desk.SelectAsync("Lunch?");
        Tab[] tabs = [phone, desk, screen];
        foreach (var tab in tabs)
        {
            await tab.ShowsTallyAsync(0, 0, 0);
            await tab.Page.Clock.InstallAsync();
            await tab.Page.EvaluateAsync(
                """
                () => {
                  window.summaries = [];
                  const region = document.querySelector('#app > .unseen[role=status]');
                  new MutationObserver((changes) => {
                    for (const { textContent } of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
                      if (/^[0-9]+ votes?[.]/.test(textContent)) window.summaries.push(Date.now());
                    }
                  }).observe(region, { childList: true });
                }
                """);
        }

        for (var votes = 1; votes <= 6; votes++)
        {
            await Cluster.A.VoteAsync(room.Code, poll, (await Cluster.A.JoinAsync(room.Code)).Token, 0, votes == 2 ? 1 : 0);
            foreach (var tab in tabs)
            {
                await tab.ShowsTallyAsync(votes, votes < 2 ? 1 : votes - 1, votes < 2 ? 0 : 1);
                await tab.Page.Clock.FastForwardAsync(2_500);
            }
        }

        foreach (var tab in tabs)
        {
            await tab.Page.Clock.FastForwardAsync(5_000);
            await tab.HearsAsync("6 votes. Soup. 5 votes, 83%.");
            var said = await tab.Page.EvaluateAsync<double[]>("() => window.summaries");
            said.Length.ShouldBeInRange(2, 6);
            said.Zip(said.Skip(1), (one, next) => next - one).ShouldAllBe(pause => pause >= 5_000);
        }
    }

    [Fact]
    public async Task A_result_that_appears_later_than_its_question_is_said()
    {
        var room = await Cluster.A.CreateRoomAsync(new PollDraft(
            "Lunch?", PollKind.SingleChoice, ["Soup", "Salad"], new() { ResultsVisibility = ResultsVisibility.AfterVote }));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single().Id;
        await Cluster.A.DoAsync(room, poll, "open");
        var (phone, screen) = (await JoinedPhoneAsync(Cluster.A, room), await ScreenAsync(Cluster.B, room));
        // What is there at first is not said again.
        await screen.SaysAsync("votingOpen");
        await phone.Option("Salad").TapAsync();
        // Both of the same moment, one as well as the other.
        await phone.HearsAsync("1 vote. Salad. 1 vote, 100%.");
        await phone.HearsAsync(phone.Text("counted"));
        await Cluster.A.DoAsync(room, poll, "show-results");
        await screen.HearsAsync("1 vote. Salad. 1 vote, 100%.");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("ar")]
    public async Task Spoken_texts_have_single_punctuation_and_names_are_on_elements_that_can_have_them(string language)
    {
        var room = await Cluster.A.CreateRoomAsync(
            "All hands!", new PollDraft("Shall we?", PollKind.SingleChoice, ["Yes.", "No!", "Why?"]),
            new PollDraft("A statement", PollKind.MultipleChoice, ["One…", "Two:", "Three"]), new PollDraft("هل نبدأ؟", PollKind.SingleChoice, ["نعم.", "لا"]));
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Select(poll => poll.Id).ToList();
        var phone = await NewPhoneAsync(Cluster.A, Look.Phone with { Language = language });
        var desk = await NewDeskAsync(Cluster.A, Look.Laptop with { Language = language });
        var screen = await ScreenAsync(Cluster.A, "/screen/000000", Look.Projector with { Language = language });
        Tab[] tabs = [phone, desk, screen];
        foreach (var tab in tabs)
        {
            await tab.Page.AddInitScriptAsync(Recorder);
        }

        await screen.GoAsync($"/screen/{room.Code}#token={await Cluster.A.ScreenTokenAsync(room)}");
        await desk.GoAsync($"/host/{room.Code}#token={room.HostToken}");
        await phone.GoAsync($"/r/{room.Code}");
        await phone.JoinAsync();
        await phone.HearsAsync(phone.Text("waitingHint"));
        foreach (var poll in polls)
        {
            await DoAsync(poll, "open", "votingOpen");
            // Taps are ignored just after the questions on the page have changed.
            await Assertions.Expect(phone.Options.First).ToHaveAttributeAsync("aria-disabled", "false");
            await phone.Page.EvaluateAsync(
                "() => { document.querySelector('.option').click(); setTimeout(() => document.querySelector('.poll-foot .primary')?.click()); }");
            await phone.SaysAsync("counted");
            await Cluster.A.VoteAsync(room.Code, poll, (await Cluster.A.JoinAsync(room.Code)).Token, 0, 1);
            await DoAsync(poll, "hide-results", "hidden");
            await DoAsync(poll, "show-results", "votingOpen");
            await DoAsync(poll, "close", "votingClosed");
            await phone.HearsAsync(phone.Text("results"));
        }

        await desk.Page.Keyboard.PressAsync("p");
        await desk.Page.Keyboard.PressAsync("n");
        await desk.ClickAsync("qr");
        await desk.AgreeAsync("close");
        await EndAsync(room);
        await EachAsync(tabs, tab => tab.SaysAsync("ended"));
        // Results may be read after it.
        await phone.Page.WaitForFunctionAsync("(thanks) => [...window.spoken].some((text) => text.includes(thanks))", phone.Text("thanks"), new() { PollingInterval = 50 });
        foreach (var tab in tabs)
        {
            var spoken = await tab.Page.EvaluateAsync<string[]>("() => [...window.spoken]");
            spoken.ShouldContain(text => text.Contains("Shall we?", StringComparison.Ordinal), "the search finds what was said");
            spoken.ShouldAllBe(text => !System.Text.RegularExpressions.Regex.IsMatch(text, @"[.!?…؟:;،,][\s\u2068\u2069]*[.!?…؟:;،,]"));
            (await tab.Page.EvaluateAsync<string[]>("() => [...window.unspoken]")).ShouldBeEmpty();
        }

        async Task DoAsync(Guid poll, string action, string textName)
        {
            await Cluster.A.DoAsync(room, poll, action);
            await screen.SaysAsync(textName);
        }
    }

    [Fact]
    public async Task The_big_screen_speaks_the_rooms_code_with_its_label_digit_by_digit()
    {
        var room = await Cluster.A.CreateRoomAsync();
        var screen = await ScreenAsync(Cluster.A, room);
        await screen.SaysAsync("waiting");
        (await screen.Page.Locator(".join-code").AriaSnapshotAsync()).ShouldBe($"- paragraph: {screen.Text("joinCode")} {string.Join(' ', room.Code.ToCharArray())}.");
    }
}
