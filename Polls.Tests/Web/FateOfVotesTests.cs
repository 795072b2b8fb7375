using Npgsql;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>Whatever becomes of a vote, the person who cast it is told, and the page shows the vote that counts.</summary>
[Collection(nameof(PhonePages))]
public sealed class FateOfVotesTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task Of_two_devices_with_the_same_revision_one_learns_that_the_other_ones_vote_counts()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        var tablet = await SamePersonAsync(phone, room.Code);
        await tablet.Options.First.WaitForAsync();
        await tablet.LoseNetworkAsync();
        await tablet.VoteAsync("Option 2");
        await tablet.SaysAsync("waitingToSend");
        await phone.VoteAsync("Option 1");
        await phone.CountedAsync("Option 1");

        await tablet.FindNetworkAsync();
        await tablet.SaysAsync("overtaken");
        await tablet.IsSoundAsync();
        await tablet.ChosenAsync("Option 1");
        await tablet.SaysNoMoreAsync("counted");
        (await Cluster.RecountAsync(poll, 3)).ShouldBe([1, 1, 0, 0]);

        await tablet.VoteAsync("Option 3");
        await tablet.CountedAsync("Option 3");
        await phone.ChosenAsync("Option 3");
        (await Cluster.RecountAsync(poll, 3)).ShouldBe([1, 0, 0, 1]);
    }

    [Fact]
    public async Task A_device_learns_that_another_one_has_withdrawn_the_vote()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.VoteAsync("Option 1");
        await phone.CountedAsync("Option 1");
        var tablet = await SamePersonAsync(phone, room.Code);
        await tablet.ChosenAsync("Option 1");
        await tablet.LoseNetworkAsync();
        await tablet.VoteAsync("Option 2");
        await tablet.SaysAsync("waitingToSend");
        await phone.Button("withdraw").TapAsync();
        await phone.SaysAsync("withdrawn");

        await tablet.FindNetworkAsync();
        await tablet.SaysAsync("overtakenWithdrawn");
        await tablet.IsSoundAsync();
        await tablet.ChosenAsync();
        (await Cluster.RecountAsync(poll, 3)).ShouldBe([0, 0, 0, 0]);
    }

    [Fact]
    public async Task A_change_that_comes_too_late_is_told_and_the_earlier_vote_counts()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.VoteAsync("Option 1");
        await phone.CountedAsync("Option 1");
        await phone.LoseNetworkAsync();
        await phone.VoteAsync("Option 2");
        await phone.SaysAsync("waitingToSend");
        await Cluster.A.DoAsync(room, poll, "close");

        await phone.FindNetworkAsync();
        await phone.SaysAsync("tooLateChange");
        await phone.IsSoundAsync();
        await phone.ShowsTallyAsync(1, 1, 0, 0);
    }

    [Fact]
    public async Task A_vote_that_the_server_cannot_take_at_present_is_tried_again_until_it_counts()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await using (var busy = new NpgsqlConnection(Cluster.Cluster.Postgres.ConnectionString))
        {
            await busy.OpenAsync();
            await using var work = await busy.BeginTransactionAsync();
            await using var command = new NpgsqlCommand("SELECT FROM polls WHERE id = $1 FOR UPDATE", busy, work);
            command.Parameters.Add(new() { Value = poll });
            await command.ExecuteNonQueryAsync();
            await phone.VoteAsync("Option 1");
            await phone.SaysAsync("retrying");
            await phone.IsSoundAsync();
        }

        await phone.CountedAsync("Option 1");
        (await Cluster.RecountAsync(poll, 3)).ShouldBe([1, 1, 0, 0]);
    }

    [Fact]
    public async Task A_counted_vote_that_a_restored_backup_lacks_is_told_and_can_be_cast_again()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var screen = await ScreenAsync(Cluster.A, room);
        var phone = await JoinedPhoneAsync(Cluster.B, room);
        var other = await JoinedPhoneAsync(Cluster.A, room);
        await phone.VoteAsync("Option 1");
        await phone.CountedAsync("Option 1");
        await screen.ShowsTallyAsync(1, 1, 0, 0);

        await Cluster.ForgetVotesAsync(poll);

        await phone.SaysAsync("restored");
        await phone.IsSoundAsync();
        await phone.ChosenAsync();
        await EachAsync([phone, other, screen], tab => tab.ShowsTallyAsync(0, 0, 0, 0));
        await phone.VoteAsync("Option 2");
        await phone.CountedAsync("Option 2");
        await EachAsync([phone, other, screen], tab => tab.ShowsTallyAsync(1, 0, 1, 0));
        await other.SaysNoMoreAsync("restored");
    }

    [Fact]
    public async Task After_a_restore_a_lost_change_or_withdrawal_is_not_told_as_a_lost_vote()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var changing = await JoinedPhoneAsync(Cluster.A, room);
        var withdrawing = await JoinedPhoneAsync(Cluster.B, room);
        foreach (var phone in (Phone[])[changing, withdrawing])
        {
            await phone.VoteAsync("Option 1");
            await phone.CountedAsync("Option 1");
        }

        await Cluster.Cluster.Postgres.ExecuteAsync($"CREATE TABLE kept AS SELECT * FROM votes WHERE poll_id = '{poll}'");
        await changing.VoteAsync("Option 2");
        await changing.CountedAsync("Option 2");
        await withdrawing.Button("withdraw").TapAsync();
        await withdrawing.SaysAsync("withdrawn");

        await Cluster.Cluster.Postgres.ExecuteAsync(
            $"""
            BEGIN;
            CREATE TEMPORARY TABLE backup ON COMMIT DROP AS SELECT * FROM tallies;
            TRUNCATE tallies;
            INSERT INTO tallies SELECT * FROM backup;
            DELETE FROM votes WHERE poll_id = '{poll}';
            INSERT INTO votes SELECT * FROM kept;
            UPDATE tallies SET version = 2, voters = 2, counts = ARRAY[2, 0, 0] WHERE poll_id = '{poll}';
            DROP TABLE kept;
            COMMIT
            """);

        await changing.SaysAsync("restoredEarlier");
        await withdrawing.SaysAsync("restoredWithdrawn");
        await EachAsync([changing, withdrawing], phone => phone.ShowsTallyAsync(2, 2, 0, 0));
        await EachAsync([changing, withdrawing], phone => ((Phone)phone).ChosenAsync("Option 1"));
        await EachAsync([changing, withdrawing], phone => phone.IsSoundAsync());
    }

    [Fact]
    public async Task A_vote_cast_offline_never_counts_for_a_question_that_replaced_its_own()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.LoseNetworkAsync();
        await phone.VoteAsync("Option 1");
        await phone.SaysAsync("waitingToSend");
        await Cluster.A.DoAsync(room, poll, "reset");
        await Cluster.A.SendAsync<PollView>(
            HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}", room.HostToken, TestApi.Draft("Tear it down?", options: 2));
        await Cluster.A.DoAsync(room, poll, "open");

        await phone.FindNetworkAsync();
        await phone.SeesAsync("Tear it down?");
        await phone.SaysAsync("edited");
        await phone.IsSoundAsync();
        await phone.ChosenAsync();
        (await Cluster.RecountAsync(poll, 2)).ShouldBe([0, 0, 0]);
        await phone.VoteAsync("Option 2");
        await phone.CountedAsync("Option 2");
        (await Cluster.RecountAsync(poll, 2)).ShouldBe([1, 0, 1]);
    }

    [Fact]
    public async Task A_vote_that_comes_too_late_is_told_also_when_the_next_question_is_open()
    {
        var (room, polls) = await TwoPollsAsync(PollKind.SingleChoice);
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.LoseNetworkAsync();
        await phone.VoteAsync("Option 1");
        await phone.SaysAsync("waitingToSend");
        await Cluster.A.DoAsync(room, polls[0], "close");
        await Cluster.A.DoAsync(room, polls[1], "open");

        await phone.FindNetworkAsync();
        await phone.SeesAsync("The next one?");
        await phone.SeesAsync("The first one?");
        await phone.SaysAsync("tooLate");
        await phone.HearsAsync($"The first one? {phone.Text("tooLate")}");

        // Until it has been read, also if the browser has thrown the page away meanwhile.
        await phone.ReloadAsync();
        await phone.SeesAsync("The first one?");
        await phone.SaysAsync("tooLate");
        await phone.Button("understood").TapAsync();
        await phone.SeesNoMoreAsync("The first one?");
        await phone.ReloadAsync();
        await phone.SeesAsync("The next one?");
        await phone.SeesNoMoreAsync("The first one?");
        await phone.VoteAsync("Option 1");
        await phone.CountedAsync("Option 1");
    }

    [Fact]
    public async Task A_choice_that_was_not_sent_is_told_when_the_question_closes()
    {
        var (room, polls) = await TwoPollsAsync(PollKind.MultipleChoice);
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.VoteAsync("Option 2");
        await Cluster.A.DoAsync(room, polls[0], "close");
        await phone.SaysAsync("unsent");
        await phone.IsSoundAsync();
        await phone.ReloadAsync();
        await phone.SaysAsync("unsent");
        await Cluster.A.DoAsync(room, polls[1], "open");
        await phone.SeesAsync("The next one?");
        await phone.SaysAsync("unsent");
        await phone.SeesAsync("The first one?");
        (await Cluster.RecountAsync(polls[0], 3)).ShouldBe([0, 0, 0, 0]);

        // Once the first one is open again, it can be answered again.
        await Cluster.A.DoAsync(room, polls[0], "open");
        await phone.SaysNoMoreAsync("unsent");
    }

    [Fact]
    public async Task A_change_that_was_not_sent_is_told_and_the_earlier_vote_counts()
    {
        var (room, polls) = await TwoPollsAsync(PollKind.MultipleChoice);
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.VoteAsync("Option 2");
        await phone.Button("sendVote").TapAsync();
        await phone.CountedAsync("Option 2");
        await phone.VoteAsync("Option 3");
        await Cluster.A.DoAsync(room, polls[0], "close");
        await phone.SaysAsync("unsentChange");
        await phone.IsSoundAsync();
        (await Cluster.RecountAsync(polls[0], 3)).ShouldBe([1, 0, 1, 0]);
    }

    [Fact]
    public async Task A_sent_choice_is_not_reported_as_lost()
    {
        var (room, polls) = await TwoPollsAsync(PollKind.MultipleChoice);
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        await phone.VoteAsync("Option 2");
        await phone.Button("sendVote").TapAsync();
        await phone.CountedAsync("Option 2");
        await Cluster.A.DoAsync(room, polls[0], "close");
        await Cluster.A.DoAsync(room, polls[1], "open");
        await phone.SeesAsync("The next one?");
        await phone.SeesNoMoreAsync("The first one?");
        await phone.SaysNoMoreAsync("unsent");
    }

    private async Task<(Polls.Api.Rooms.CreatedRoom Room, Guid[] Polls)> TwoPollsAsync(PollKind kind)
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("The first one?", kind: kind), TestApi.Draft("The next one?"));
        Guid[] polls = [.. (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Select(poll => poll.Id)];
        await Cluster.A.DoAsync(room, polls[0], "open");
        return (room, polls);
    }

    /// <summary>Another device of the same participant.</summary>
    private async Task<Phone> SamePersonAsync(Phone phone, string code)
    {
        var identity = await phone.Page.EvaluateAsync<string>("(code) => localStorage.getItem('polls.room.' + code)", code);
        var other = await PhoneAsync(Cluster.B, "/");
        await other.Page.EvaluateAsync("([code, identity]) => localStorage.setItem('polls.room.' + code, identity)", new[] { code, identity });
        await other.GoAsync($"/r/{code}");
        return other;
    }
}
