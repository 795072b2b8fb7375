using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Web;

/// <summary>The layout does not shift under the thumb.</summary>
[Collection(nameof(PhonePages))]
public sealed class LayoutShiftTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Theory]
    [InlineData(PollKind.SingleChoice)]
    [InlineData(PollKind.MultipleChoice)]
    public async Task The_layout_of_the_phone_does_not_shift_while_votes_arrive_and_the_own_vote_is_sent(PollKind kind)
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft(kind: kind, settings: new PollSettings { DurationSeconds = 600 }));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await Cluster.A.DoAsync(room, poll, "open");
        var phone = await JoinedPhoneAsync(Cluster.B, room, new Look(360, 740, Motion: true));
        await phone.ShowsTallyAsync(0, 0, 0, 0);
        await phone.Page.EvaluateAsync(
            """
            () => {
              window.shifts = [];
              new PerformanceObserver((list) => shifts.push(...list.getEntries().filter((entry) => !entry.hadRecentInput)
                .map(({ value, sources }) => `${value.toFixed(4)} ${sources.map(({ node }) => node?.outerHTML ?? node?.textContent).join(', ')}`)))
                .observe({ type: 'layout-shift' });
            }
            """);

        await OthersVoteAsync(1, 1);
        await phone.ShowsTallyAsync(1, 0, 1, 0);
        // Without an input: the browser does not report shifts within half a second after an input.
        await ClickAsync(".option");
        if (kind == PollKind.MultipleChoice)
        {
            await ClickAsync(".poll-foot .primary");
        }

        await phone.CountedAsync("Option 1");
        await OthersVoteAsync(12, 2);
        await phone.ShowsTallyAsync(14, 1, 1, 12);
        await ClickAsync(".poll-foot .quiet");
        await phone.ShowsTallyAsync(13, 0, 1, 12);
        (await ShiftsAsync()).ShouldBeEmpty();

        // The browser does not report every single shift, so the page shifts until one is reported.
        await Until.TrueAsync(
            async () =>
            {
                await phone.Page.EvaluateAsync("() => { const room = document.querySelector('.room').style; room.marginBlockStart = room.marginBlockStart ? '' : '60px'; }");
                return (await ShiftsAsync()).Length > 0;
            },
            "the test detects layout shifts");

        Task OthersVoteAsync(int voters, int option) => Task.WhenAll(Enumerable.Range(0, voters).Select(async _ =>
            await Cluster.A.VoteAsync(room.Code, poll, (await Cluster.A.JoinAsync(room.Code)).Token, 0, option)));
        Task ClickAsync(string what) => phone.Page.EvaluateAsync("(what) => document.querySelector(what).click()", what);
        Task<string[]> ShiftsAsync() => phone.Page.EvaluateAsync<string[]>(
            "() => new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => told(shifts)))))");
    }
}
