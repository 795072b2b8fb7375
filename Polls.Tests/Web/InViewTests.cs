using Microsoft.Playwright;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;
using Polls.Tests.Web.Kinds;

namespace Polls.Tests.Web;

/// <summary>What a person must know or tap is in view where the person acts, also on small screens.</summary>
[Collection(nameof(HostPages))]
public sealed class InViewTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    // Whether the middle of an element belongs to it, so that a tap there reaches it.
    private const string IsReached =
        """
        (element) => {
          const { left, top, width, height } = element.getBoundingClientRect();
          return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        }
        """;

    [Theory]
    [InlineData(1366, 640, false)]
    [InlineData(390, 844, true)]
    [InlineData(360, 640, true)]
    public async Task The_desk_names_other_open_polls_beside_its_buttons(int width, int height, bool touch)
    {
        var room = await Cluster.A.CreateRoomAsync(LongTexts.Poll, TestApi.Draft("Still open?"), TestApi.Draft("And this?"), TestApi.Draft("This too?"));
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        var desk = await DeskAsync(Cluster.B, room, new Look(width, height, Touch: touch));
        await desk.SelectAsync(polls[0].Question);
        await Cluster.A.DoAsync(room, polls[1].Id, "open");
        var other = desk.Page.Locator(".also .text-button");
        await Assertions.Expect(other).ToHaveTextAsync("Still open?");
        await IsInViewAsync(other);
        await IsInViewAsync(desk.Button("openPoll"));

        // Also beside an open poll, and with more than can be named.
        await Cluster.A.DoAsync(room, polls[2].Id, "open");
        await Cluster.A.DoAsync(room, polls[3].Id, "open");
        await Cluster.A.DoAsync(room, polls[0].Id, "open");
        await desk.ShowsStateAsync("open");
        await Assertions.Expect(desk.Page.Locator(".also")).ToContainTextAsync("+2");
        await Assertions.Expect(other).ToHaveTextAsync("This too?");
        await IsInViewAsync(other);
        await IsInViewAsync(desk.Button("closePoll"));
        await desk.IsSoundAsync();
        await other.ClickAsync();
        await desk.ShowsPollAsync("This too?");
    }

    [Theory]
    [InlineData(390, 844)]
    [InlineData(360, 640)]
    [InlineData(320, 568)]
    [InlineData(667, 320)]
    public async Task The_phone_names_another_open_question_above_the_first_and_leads_to_it(int width, int height)
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("Still open?"), LongTexts.Poll);
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        var phone = await JoinedPhoneAsync(Cluster.B, room, new Look(width, height));
        await Cluster.A.DoAsync(room, polls[0].Id, "open");
        await phone.SeesAsync("Still open?");
        await phone.Page.EvaluateAsync("() => scrollTo(0, document.body.scrollHeight)");
        await Cluster.A.DoAsync(room, polls[1].Id, "open");
        var heading = phone.Page.Locator($"#q-{polls[1].Id}");
        await heading.WaitForAsync();
        var other = phone.Page.Locator(".also-open .text-button");
        await IsInViewAsync(other);
        await other.EvaluateAsync("(button) => button.click()");
        await IsInViewAsync(phone.Page.Locator($"#q-{polls[0].Id}"));
        await Assertions.Expect(phone.Page.Locator($"#q-{polls[0].Id}")).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData(360, 640)]
    [InlineData(320, 568)]
    [InlineData(667, 320)]
    public async Task The_next_question_begins_in_view_and_is_told(int width, int height)
    {
        var room = await Cluster.A.CreateRoomAsync(LongTexts.Poll, TestApi.Draft("The next one?", 12), TestApi.Draft("And another?", 12));
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        await Cluster.A.DoAsync(room, polls[0].Id, "open");
        var phone = await JoinedPhoneAsync(Cluster.B, room, new Look(width, height));
        await phone.Options.Nth(19).WaitForAsync();

        // In place of the first, then above it.
        await phone.Page.EvaluateAsync("() => scrollTo(0, document.body.scrollHeight)");
        await Cluster.A.DoAsync(room, polls[0].Id, "close");
        await Cluster.A.DoAsync(room, polls[1].Id, "open");
        await IsInViewAsync(phone.Page.Locator($"#q-{polls[1].Id}"));
        await phone.HearsAsync(phone.Text("newPoll", "The next one?"));
        await phone.Page.EvaluateAsync("() => scrollTo(0, document.body.scrollHeight)");
        await Cluster.A.DoAsync(room, polls[2].Id, "open");
        await IsInViewAsync(phone.Page.Locator($"#q-{polls[2].Id}"));
        await phone.HearsAsync(phone.Text("newPoll", "And another?"));

        // What remains after closing is not new.
        await Cluster.A.DoAsync(room, polls[2].Id, "close");
        await phone.SeesNoMoreAsync("And another?");
        await Assertions.Expect(phone.Page.Locator("#app > .unseen[role=status] > p").Last).ToHaveTextAsync("The next one?");
        await IsInViewAsync(phone.Page.Locator($"#q-{polls[1].Id}"));
    }

    [Fact]
    public async Task The_result_of_a_question_that_closes_begins_in_view()
    {
        var room = await Cluster.A.CreateRoomAsync(LongTexts.Poll);
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await Cluster.A.DoAsync(room, poll, "open");
        var phone = await JoinedPhoneAsync(Cluster.B, room, new Look(360, 640));
        await phone.Options.Nth(19).WaitForAsync();
        await phone.Page.EvaluateAsync("() => scrollTo(0, document.body.scrollHeight)");
        await Cluster.A.DoAsync(room, poll, "close");
        await phone.Page.Locator(".result").WaitForAsync();
        await IsInViewAsync(phone.Page.Locator($"#q-{poll}"));
    }

    [Theory]
    [InlineData(360, 640, 3)]
    [InlineData(360, 640, 8)]
    [InlineData(320, 568, 3)]
    [InlineData(320, 568, 8)]
    [InlineData(667, 320, 3)]
    [InlineData(667, 320, 8)]
    public async Task Nothing_lies_on_the_last_option(int width, int height, int options)
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("Which one do you like best of all of these?", options));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await Cluster.A.DoAsync(room, poll, "open");
        var phone = await JoinedPhoneAsync(Cluster.B, room, new Look(width, height));
        await phone.ShowsCountsAsync([.. new int[options]]);
        await Assertions.Expect(phone.Page.Locator(".poll-foot.idle")).ToHaveCountAsync(1);
        var last = phone.Options.Last;

        // As little as is needed to have the option in view, as a person scrolls.
        await last.EvaluateAsync("(option) => option.scrollIntoView({ block: 'nearest' })");
        (await last.EvaluateAsync<bool>(IsReached)).ShouldBeTrue();
        await last.TapAsync();
        await phone.CountedAsync($"Option {options}");
    }

    [Theory]
    [InlineData(360, 640)]
    [InlineData(667, 320)]
    public async Task Nothing_lies_on_the_last_control_of_a_question_of_any_kind(int width, int height)
    {
        var room = await Cluster.A.CreateRoomAsync([.. KindDrafts.All.Values.Select(kind => kind.Draft)]);
        var phone = await JoinedPhoneAsync(Cluster.B, room, new Look(width, height));
        foreach (var (poll, name) in (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Zip(KindDrafts.All.Keys))
        {
            await Cluster.A.DoAsync(room, poll.Id, "open");
            var last = phone.Page.Locator($"section[aria-labelledby='q-{poll.Id}']").Locator("button, input, [role=radio]").And(phone.Page.Locator(":not(.poll-foot *)")).Last;
            await last.WaitForAsync();
            // Again each time: the page scrolls to a new question's beginning.
            await Until.TrueAsync(
                async () =>
                {
                    await last.EvaluateAsync("(control) => control.scrollIntoView({ block: 'nearest' })");
                    return await last.EvaluateAsync<bool>(IsReached);
                },
                $"the last control is reached: {name}");
            await Cluster.A.DoAsync(room, poll.Id, "close");
        }
    }

    private static Task IsInViewAsync(ILocator element) => Until.TrueAsync(() => element.EvaluateAsync<bool>(IsReached), $"{element} is in view");
}
