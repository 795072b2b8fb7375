using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Web;

/// <summary>
/// Networks, servers and pages fail while people vote: the phone recovers by itself and shows the true state of the
/// vote.
/// </summary>
[Collection(nameof(PhonePages))]
public sealed class ComingBackTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task A_vote_cast_offline_is_kept_and_sent_once_after_reconnecting()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.LoseNetworkAsync();
        await phone.SaysAsync("connectionLost");
        await phone.VoteAsync("Option 1");
        await phone.VoteAsync("Option 3");
        await phone.SaysAsync("waitingToSend");
        await phone.ChosenAsync("Option 3");
        (await Cluster.RecountAsync(poll, 3)).ShouldBe([0, 0, 0, 0]);

        await phone.FindNetworkAsync();
        await phone.CountedAsync("Option 3");
        await phone.SaysNoMoreAsync("connectionLost");
        await phone.ShowsTallyAsync(1, 0, 0, 1);
        phone.Traffic.Called("CastVote").ShouldHaveSingleItem();
        (await VotesAsync(poll)).ShouldBe("1|{2}", "the second choice made, and only that one");
        (await ParticipantsAsync(room.RoomId)).ShouldBe(1);
    }

    [Fact]
    public async Task A_vote_sent_after_the_poll_closed_is_shown_as_not_counted()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.B, room);
        await phone.LoseNetworkAsync();
        await phone.VoteAsync("Option 2");
        await phone.SaysAsync("waitingToSend");
        await Cluster.A.DoAsync(room, poll, "close");

        await phone.FindNetworkAsync();
        await phone.SaysAsync("tooLate");
        await phone.ShowsTallyAsync(0, 0, 0, 0);
        await phone.SaysNoMoreAsync("yourVote");
        (await VotesAsync(poll)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Phones_of_a_killed_instance_reconnect_with_their_own_votes_and_the_final_result()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var screen = await ScreenAsync(Cluster.A, room);
        var stays = await JoinedPhoneAsync(Cluster.A, room);
        Phone[] lose = [await JoinedPhoneAsync(Cluster.B, room), await JoinedPhoneAsync(Cluster.B, room)];
        Phone[] phones = [stays, .. lose];
        foreach (var phone in lose)
        {
            phone.Traffic.ExpectBrokenConnections();
        }

        var voting = Task.WhenAll(phones.Select(async (phone, i) =>
        {
            for (var round = 0; round <= 12; round++)
            {
                await phone.VoteAsync($"Option {((round + i) % 3) + 1}");
            }
        }));
        await Until.TrueAsync(() => phones.All(phone => phone.Traffic.Called("CastVote").Count > 1), "everyone is voting");
        await Cluster.Cluster.Instances[1].KillAsync();
        await voting;
        await EachAsync(lose, phone => phone.SaysAsync("connectionLost"));
        await EachAsync(lose, phone => phone.SaysAsync("waitingToSend"));
        await Cluster.Cluster.Instances[1].StartAsync();

        for (var i = 0; i < phones.Length; i++)
        {
            await phones[i].CountedAsync($"Option {i + 1}");
        }

        await EachAsync([.. phones, screen], tab => tab.ShowsTallyAsync(3, 1, 1, 1));
        (await Cluster.RecountAsync(poll, 3)).ShouldBe([3, 1, 1, 1]);
        (await Cluster.TallyAsync(poll)).ShouldBe([3, 1, 1, 1]);
        (await ParticipantsAsync(room.RoomId)).ShouldBe(3);
        await EachAsync([.. phones, screen], tab => tab.SaysNoMoreAsync("connectionLost"));
        await screen.SeesAsync("3 people here");
    }

    [Fact]
    public async Task A_screen_of_a_killed_instance_shows_the_interruption_and_reconnects()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var screen = await ScreenAsync(Cluster.B, room);
        await screen.ShowsTallyAsync(0, 0, 0, 0);
        screen.Traffic.ExpectBrokenConnections();
        await Cluster.Cluster.Instances[1].KillAsync();
        await screen.SaysAsync("connectionLost");
        await Cluster.A.VoteAsync(room.Code, poll, (await Cluster.A.JoinAsync(room.Code)).Token, 0, 1);
        await Cluster.Cluster.Instances[1].StartAsync();
        await screen.ShowsTallyAsync(1, 0, 1, 0);
        await screen.SaysNoMoreAsync("connectionLost");
    }

    [Fact]
    public async Task A_reload_while_voting_keeps_the_identity_and_the_choice()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.VoteAsync("Option 2");
        await phone.ReloadAsync();
        await phone.CountedAsync("Option 2");
        await phone.ReloadAsync();
        await phone.CountedAsync("Option 2");
        (await VotesAsync(poll)).ShouldBe("0|{1}");
        (await ParticipantsAsync(room.RoomId)).ShouldBe(1);
    }

    [Fact]
    public async Task A_vote_that_waits_for_a_connection_survives_closing_the_page()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.LoseNetworkAsync();
        await phone.VoteAsync("Option 3");
        await phone.SaysAsync("waitingToSend");
        await phone.Page.GotoAsync("about:blank");
        await phone.FindNetworkAsync();
        (await VotesAsync(poll)).ShouldBeEmpty();

        await phone.GoAsync($"/r/{room.Code}");
        await phone.CountedAsync("Option 3");
        (await VotesAsync(poll)).ShouldBe("0|{2}");
        (await ParticipantsAsync(room.RoomId)).ShouldBe(1);
    }

    [Fact]
    public async Task Tapping_twice_joins_once_and_votes_once()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code}");
        await phone.JoinButton.DblClickAsync();
        await phone.Options.First.WaitForAsync();
        await phone.Option("Option 2").DblClickAsync();
        await phone.CountedAsync("Option 2");
        await phone.ShowsTallyAsync(1, 0, 1, 0);
        phone.Traffic.Called("CastVote").ShouldHaveSingleItem();
        (await VotesAsync(poll)).ShouldBe("0|{1}");
        (await ParticipantsAsync(room.RoomId)).ShouldBe(1);
    }

    [Fact]
    public async Task Of_two_taps_faster_than_the_server_the_second_one_counts()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.B, room);
        await phone.Page.EvaluateAsync("() => { const options = document.querySelectorAll('.option'); options[0].click(); options[2].click(); }");
        await phone.CountedAsync("Option 3");
        await phone.ShowsTallyAsync(1, 0, 0, 1);
        (await VotesAsync(poll)).ShouldBe("1|{2}");
    }

    [Fact]
    public async Task A_phone_reloaded_offline_opens_and_reconnects_with_its_own_vote()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.VoteAsync("Option 2");
        await phone.CountedAsync("Option 2");
        await phone.ShellIsKeptAsync();

        await phone.LoseNetworkAsync();
        await phone.ReloadAsync();
        await phone.SaysAsync("connectionLost");
        await phone.SaysNoMoreAsync("waitingToSend");
        await phone.FindNetworkAsync();
        await phone.CountedAsync("Option 2");

        await phone.LoseNetworkAsync();
        await phone.VoteAsync("Option 1");
        await phone.SaysAsync("waitingToSend");
        await phone.ReloadAsync();
        await phone.SaysAsync("connectionLost");
        await phone.SaysAsync("waitingToSend");
        (await VotesAsync(poll)).ShouldBe("0|{1}");
        await phone.FindNetworkAsync();
        await phone.CountedAsync("Option 1");
        await phone.ShowsTallyAsync(1, 1, 0, 0);
        (await VotesAsync(poll)).ShouldBe("1|{0}");
        (await ParticipantsAsync(room.RoomId)).ShouldBe(1);
    }

    [Fact]
    public async Task A_state_older_than_the_own_vote_does_not_remove_it_from_the_page()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await NewPhoneAsync(Cluster.A, Look.Phone);
        var held = new TaskCompletionSource();
        var delivered = new TaskCompletionSource();
        await phone.Page.RouteWebSocketAsync("**/hubs/room*", socket =>
        {
            var server = socket.ConnectToServer();
            server.OnMessage(async frame =>
            {
                // Only the answer to GetState is a complete state with the id of its call.
                if (frame.Text is { } text && text.Contains("\"myVotes\"", StringComparison.Ordinal) && text.Contains("\"invocationId\"", StringComparison.Ordinal))
                {
                    held.TrySetResult();
                    await delivered.Task;
                }

                socket.Send(frame.Text!);
            });
        });
        await phone.GoAsync($"/r/{room.Code}");
        await phone.JoinAsync();
        await phone.Options.First.WaitForAsync();
        await phone.Page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");
        await held.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await phone.VoteAsync("Option 1");
        await phone.CountedAsync("Option 1");
        delivered.SetResult();
        await Cluster.A.VoteAsync(room.Code, poll, (await Cluster.A.JoinAsync(room.Code)).Token, 0, 1);
        await phone.ShowsTallyAsync(2, 1, 1, 0);
        await phone.CountedAsync("Option 1");
    }

    [Fact]
    public async Task Two_tabs_of_one_person_show_the_same_vote()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        var other = await phone.AnotherTabAsync();
        await other.Options.First.WaitForAsync();
        await phone.VoteAsync("Option 1");
        await other.CountedAsync("Option 1");
        await other.VoteAsync("Option 3");
        await phone.CountedAsync("Option 3");
        (await VotesAsync(poll)).ShouldBe("1|{2}");
        (await ParticipantsAsync(room.RoomId)).ShouldBe(1);
    }

    [Fact]
    public async Task Two_tabs_at_the_join_form_become_one_participant()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await PhoneAsync(Cluster.A, $"/r/{room.Code}");
        var other = await phone.AnotherTabAsync();
        var third = await phone.AnotherTabAsync();
        await Task.WhenAll(phone.JoinButton.WaitForAsync(), other.JoinButton.WaitForAsync(), third.JoinButton.WaitForAsync());

        // Both in the same moment; the third one is taken along. The page itself taps, because the button of the slower tab disappears.
        await Task.WhenAll(new[] { phone, other }.Select(tab => tab.Page.EvaluateAsync("() => document.querySelector('form button[type=submit]')?.click()")));
        foreach (var tab in new[] { phone, other, third })
        {
            await tab.Options.First.WaitForAsync();
        }

        await other.VoteAsync("Option 2");
        await third.CountedAsync("Option 2");
        await phone.CountedAsync("Option 2");
        (await VotesAsync(poll)).ShouldBe("0|{1}");
        (await ParticipantsAsync(room.RoomId)).ShouldBe(1);
    }

    private async Task<string> VotesAsync(Guid poll) => string.Join(' ', (await Cluster.Cluster.Postgres.ExecuteAsync(
        $"SELECT revision, marks FROM votes WHERE poll_id = '{poll}' ORDER BY cast_at")).Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private Task<long> ParticipantsAsync(Guid room) => Cluster.CountAsync($"SELECT count(*) FROM participants WHERE room_id = '{room}'");
}
