using Polls.Core.Audit;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Rooms;

/// <summary>Host actions are recorded with the room, once each.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class AuditTests(SharedPostgres postgres)
{
    [Fact]
    public async Task The_audit_trail_has_every_change_in_order_and_no_command_without_effect()
    {
        await using var core = postgres.Core();
        var room = (await core.Rooms.CreateAsync("A room", [], default)).ShouldSucceed();
        var poll = (await core.Polls.WriteAsync(room.Id, TestApi.Draft(), default)).ShouldSucceed();
        var other = (await core.Polls.WriteAsync(room.Id, TestApi.Draft(), default)).ShouldSucceed();
        (await core.Polls.EditAsync(room.Id, poll, TestApi.Draft("Another?"), default)).ShouldSucceed();
        (await core.Polls.OrderAsync(room.Id, [other, poll], default)).ShouldSucceed();
        (await core.Polls.DeleteAsync(room.Id, other, default)).ShouldSucceed();
        (await core.Polls.CloseAsync(room.Id, poll, default)).Refusal.ShouldNotBeNull("a draft cannot be closed");
        var account = new Actor("account:7");
        for (var time = 0; time < 2; time++)
        {
            (await core.Polls.As(account).OpenAsync(room.Id, poll, null, default)).ShouldSucceed();
        }

        (await core.Polls.ShowResultsAsync(room.Id, poll, false, default)).ShouldSucceed();
        (await core.Polls.ShowResultsAsync(room.Id, poll, true, default)).ShouldSucceed();
        (await core.Polls.CloseAsync(room.Id, poll, default)).ShouldSucceed();
        (await core.Polls.ResetAsync(room.Id, poll, default)).ShouldSucceed();
        for (var time = 0; time < 2; time++)
        {
            (await core.Rooms.As(account).EndAsync(room.Id, default)).ShouldSucceed();
        }

        var trail = await core.Audit.ReadAsync(room.Id, default);
        trail.Select(row => (row.Who, row.What, row.PollId)).ShouldBe(
        [
            ("host", "createRoom", null), ("host", "writePoll", poll), ("host", "writePoll", other), ("host", "editPoll", poll),
            ("host", "orderPolls", null), ("host", "deletePoll", other), ("account:7", "openPoll", poll), ("host", "hideResults", poll),
            ("host", "showResults", poll), ("host", "closePoll", poll), ("host", "resetPoll", poll), ("account:7", "closeRoom", null),
        ]);
        trail.Select(row => row.At).ShouldBeInOrder();
    }

    [Fact]
    public async Task A_poll_whose_time_is_up_was_closed_by_the_timer_once()
    {
        await using var core = postgres.Core();
        await using var other = postgres.Core();
        await core.Timer.StartAsync(default);
        await other.Timer.StartAsync(default);
        var room = (await core.Rooms.CreateAsync("A room", [TestApi.Draft(settings: new PollSettings { DurationSeconds = 1 })], default)).ShouldSucceed();
        var poll = (await core.Reader.LoadAsync(room.Id, default))!.Room.Polls.Single().Id;
        (await core.Polls.OpenAsync(room.Id, poll, null, default)).ShouldSucceed();
        await Until.TrueAsync(
            async () => (await core.Reader.FindPollAsync(poll, default))!.State == PollState.Closed, "the time is over");
        (await core.Audit.ReadAsync(room.Id, default)).Select(row => (row.Who, row.What)).ShouldBe(
            [("host", "createRoom"), ("host", "openPoll"), ("timer", "closePoll")]);
        await core.Timer.StopAsync(default);
        await other.Timer.StopAsync(default);
    }
}
