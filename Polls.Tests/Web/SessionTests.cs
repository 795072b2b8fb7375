using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>People in a live session, through the user interface.</summary>
[Collection(nameof(PhonePages))]
public sealed class SessionTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task A_session_goes_from_the_first_code_to_the_end_for_everyone_on_both_instances()
    {
        var room = await Cluster.A.CreateRoomAsync(
            new PollDraft("What is for lunch?", PollKind.SingleChoice, ["Soup", "Salad", "Pasta"]),
            new PollDraft("Which days suit you?", PollKind.MultipleChoice, ["Monday", "Tuesday", "Friday"], PollSettings.Of(new ChoiceSettings(2))));
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        var (lunch, days) = (polls[0].Id, polls[1].Id);
        var screen = await ScreenAsync(Cluster.B, room);
        await screen.SeesAsync($"{room.Code[..3]} {room.Code[3..]}");
        screen.Page.Url.ShouldNotContain("token");

        var ann = await PhoneAsync(Cluster.A, "/");
        await ann.TypeCodeAsync(room.Code);
        await ann.JoinAsync();
        var bob = await PhoneAsync(Cluster.A, $"/r/{room.Code}");
        await bob.JoinAsync("Bob");
        var cem = await JoinedPhoneAsync(Cluster.B, room);
        Phone[] phones = [ann, bob, cem];
        await EachAsync(phones, phone => phone.SaysAsync("waiting"));
        await screen.SeesAsync("3 people here");
        (await Cluster.Cluster.Postgres.ExecuteAsync($"SELECT string_agg(coalesce(nickname, '-'), ' ' ORDER BY joined_at) FROM participants WHERE room_id = '{room.RoomId}'"))
            .Trim().ShouldBe("- Bob -");

        await Cluster.A.DoAsync(room, lunch, "open");
        await EachAsync(phones, phone => phone.SeesAsync("What is for lunch?"));
        await EachAsync(phones, phone => phone.HearsAsync(phone.Text("newPoll", "What is for lunch?")));
        await screen.SaysAsync("votingOpen");
        await ann.VoteAsync("Soup");
        await bob.VoteAsync("Soup");
        await cem.VoteAsync("Pasta");
        await ann.CountedAsync("Soup");
        await cem.CountedAsync("Pasta");
        await ShowsAsync(3, 2, 0, 1);

        await bob.VoteAsync("Salad");
        await bob.CountedAsync("Salad");
        await ann.Button("withdraw").TapAsync();
        await ann.SaysAsync("withdrawn");
        await ann.ChosenAsync();
        await ShowsAsync(2, 0, 1, 1);

        await Cluster.B.DoAsync(room, lunch, "hide-results");
        await EachAsync(phones, phone => phone.ShowsTallyAsync());
        await screen.SaysAsync("hidden");
        await Cluster.B.DoAsync(room, lunch, "close");
        await EachAsync(phones, phone => phone.SaysAsync("pollClosed"));
        await cem.SaysAsync("yourVoteIs", "Pasta");
        await screen.SaysAsync("votingClosed");
        await Cluster.A.DoAsync(room, lunch, "show-results");
        await ShowsAsync(2, 0, 1, 1);

        await Cluster.A.DoAsync(room, days, "open");
        await EachAsync(phones, phone => phone.SaysAsync("chooseMany", "2"));
        await ann.VoteAsync("Monday");
        await ann.VoteAsync("Friday");
        await ann.VoteAsync("Tuesday");
        await ann.SaysAsync("tooMany", "2");
        await ann.ChosenAsync("Monday", "Friday");
        await ann.Button("sendVote").TapAsync();
        await ann.CountedAsync("Monday", "Friday");
        await cem.VoteAsync("Friday");
        await cem.Button("sendVote").TapAsync();
        await cem.CountedAsync("Friday");
        await EachAsync([ann, bob, cem, screen], tab => tab.ShowsTallyAsync(2, 1, 0, 2));
        (await Cluster.RecountAsync(days, 3)).ShouldBe([2, 1, 0, 2]);

        await EndAsync(room);
        await EachAsync([ann, bob, cem, screen], tab => tab.SaysAsync("ended"));
        var late = await PhoneAsync(Cluster.B, $"/r/{room.Code}");
        await late.SaysAsync("ended");
        (await Cluster.CountAsync($"SELECT count(*) FROM participants WHERE room_id = '{room.RoomId}'")).ShouldBe(3);

        async Task ShowsAsync(params int[] tally)
        {
            await EachAsync([ann, bob, cem, screen], tab => tab.ShowsTallyAsync(tally));
            (await Cluster.TallyAsync(lunch)).ShouldBe(tally);
            (await Cluster.RecountAsync(lunch, 3)).ShouldBe(tally);
        }
    }

    [Fact]
    public async Task A_timed_poll_counts_down_and_closes_automatically_on_all_pages()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft(settings: new PollSettings { DurationSeconds = 5 }));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        var screen = await ScreenAsync(Cluster.A, room);
        var phone = await JoinedPhoneAsync(Cluster.B, room);
        // The pages themselves note the times shown and cast the vote: on a busy machine, the test would be too slow.
        await EachAsync([phone, screen], tab => tab.Page.EvaluateAsync(
            """
            () => {
              window.seen = [];
              new MutationObserver(() => {
                const timer = document.querySelector('[role=timer]')?.textContent.trim();
                if (timer && !seen.includes(timer)) seen.push(timer);
                const option = document.querySelectorAll('button.option')[1];
                if (option?.getAttribute('aria-pressed') === 'false') option.click();
              }).observe(document.body, { childList: true, subtree: true, characterData: true });
            }
            """));
        await Cluster.A.DoAsync(room, poll, "open");

        await screen.SaysAsync("votingClosed");
        await phone.SaysAsync("results");
        await phone.SaysAsync("yourVote");
        (await phone.Options.CountAsync()).ShouldBe(0);
        await EachAsync([phone, screen], tab => tab.ShowsTallyAsync(1, 0, 1, 0));
        await EachAsync([phone, screen], async tab =>
        {
            var seen = await tab.Page.EvaluateAsync<string[]>("() => seen");
            seen.Length.ShouldBeGreaterThan(1, "the clock moves");
            seen.ShouldBe(seen.OrderDescending(StringComparer.Ordinal));
            seen.ShouldAllBe(text => text.StartsWith("0:0", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Marked_options_stay_marked_when_another_poll_opens()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("Which ones?", kind: PollKind.MultipleChoice), TestApi.Draft("And now?", 2));
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        await Cluster.A.DoAsync(room, polls[0].Id, "open");
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code[..3]} {room.Code[3..]}");
        await phone.JoinAsync();
        await phone.VoteAsync("Option 3");
        await Cluster.A.DoAsync(room, polls[1].Id, "open");
        await phone.SaysAsync("moreQuestions");
        await phone.ChosenAsync("Option 3");
        await Cluster.A.DoAsync(room, polls[1].Id, "close");
        await phone.SaysNoMoreAsync("moreQuestions");
        await phone.ChosenAsync("Option 3");
        await phone.Button("sendVote").TapAsync();
        await phone.CountedAsync("Option 3");
    }

    [Fact]
    public async Task A_tap_while_a_new_poll_is_inserted_casts_no_vote()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("First?"), TestApi.Draft("Second?"));
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        await Cluster.A.DoAsync(room, polls[0].Id, "open");
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.Options.First.WaitForAsync();
        await phone.Page.EvaluateAsync(
            """
            () => new MutationObserver((_, observer) => {
              if (document.querySelectorAll('.poll').length < 2) return;
              observer.disconnect();
              document.querySelector('.option').click();
              window.tapped = true;
            }).observe(document.body, { childList: true, subtree: true })
            """);
        await Cluster.A.DoAsync(room, polls[1].Id, "open");
        await phone.Page.WaitForFunctionAsync("() => window.tapped");
        await phone.Options.Nth(1).TapAsync();
        await phone.CountedAsync("Option 2");
        phone.Traffic.Called("CastVote").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_screen_opened_without_a_token_accepts_a_pasted_link()
    {
        var (room, _) = await Cluster.OpenRoomAsync();
        var screen = await ScreenAsync(Cluster.A, $"/screen/{room.Code}", Look.Projector);
        await screen.SaysAsync("noToken");
        await screen.GoAsync($"/screen/{room.Code}#token={await Cluster.A.ScreenTokenAsync(room)}");
        await screen.SaysAsync("votingOpen");
        screen.Page.Url.ShouldNotContain("token");
    }

    [Fact]
    public async Task A_phone_opened_before_the_room_exists_joins_as_soon_as_it_does()
    {
        var phone = await PhoneAsync(Cluster.A, "/r/000000");
        phone.Traffic.ExpectStatus(404);
        await phone.SaysAsync("noRoom");
        // The server draws room codes: this phone's requests are redirected to the new room.
        var room = await Cluster.A.CreateRoomAsync();
        await phone.Page.RouteAsync("**/api/rooms/000000", route => route.ContinueAsync(new()
        {
            Url = new Uri(Cluster.A.Address, $"/api/rooms/{room.Code}").AbsoluteUri,
        }));
        await phone.JoinButton.WaitForAsync();
    }
}
