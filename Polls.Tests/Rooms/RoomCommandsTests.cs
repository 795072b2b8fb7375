using Npgsql;
using Polls.Core;
using Polls.Core.Audit;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Storage;

namespace Polls.Tests.Rooms;

[Collection(nameof(SharedPostgres))]
public sealed class RoomCommandsTests(SharedPostgres postgres) : IAsyncLifetime
{
    private readonly TestCore core = postgres.Core();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task A_room_is_created_with_its_polls_as_drafts_in_order()
    {
        var made = await core.RoomAsync(TestApi.Draft("First"), TestApi.Draft("Second", options: 7));
        JoinCode.IsWellFormed(made.Code).ShouldBeTrue();
        var room = await core.RoomAsync(made.Id);
        (room.Code, room.Title, room.State, room.Version).ShouldBe((made.Code, "A room", RoomStatus.Open, 1));
        room.Polls.Select(poll => (poll.Position, poll.Question, poll.State, poll.Version)).ShouldBe(
            [(0, "First", PollState.Draft, 1), (1, "Second", PollState.Draft, 1)]);
        (await core.AuditAsync(room.Polls[1].Id)).ShouldBe(0, 0, 0, 0, 0, 0, 0, 0);
        (await core.Reader.FindAsync(made.Code, default)).ShouldBe(made);
    }

    [Fact]
    public async Task A_room_with_any_invalid_part_is_not_created()
    {
        const string Title = "Nobody ever sees this";
        (await core.Rooms.CreateAsync(" ", null, default)).ShouldBeRefused("room.badTitle");
        (await core.Rooms.CreateAsync(Title, [TestApi.Draft(), null], default)).ShouldBeRefused("poll.badQuestion");
        (await core.Rooms.CreateAsync(Title, [TestApi.Draft(), TestApi.Draft(options: 1)], default)).ShouldBeRefused("poll.badOptions");
        (await core.Rooms.CreateAsync(Title, [.. Enumerable.Repeat(TestApi.Draft(), 201)], default)).ShouldBeRefused("room.tooManyPolls");
        (await core.ReadAsync<long>("SELECT count(*) FROM rooms WHERE title = $1", Title)).ShouldBe(0);
    }

    [Fact]
    public async Task People_join_a_live_room_with_or_without_a_name()
    {
        var room = await core.RoomAsync();
        var ann = (await core.Rooms.JoinAsync(room.Id, " Ann ", default)).ShouldSucceed();
        var nobody = (await core.Rooms.JoinAsync(room.Id, "  ", default)).ShouldSucceed();
        nobody.ShouldNotBe(ann);
        (await core.ReadAsync<string>("SELECT string_agg(id || nickname, ' ') FROM participants WHERE room_id = $1", room.Id)).ShouldBe($"{ann}Ann");
        (await core.ReadAsync<long>("SELECT count(*) FROM participants WHERE room_id = $1", room.Id)).ShouldBe(2);

        (await core.Rooms.JoinAsync(room.Id, new string('n', 41), default)).ShouldBeRefused("participant.badNickname");
        (await core.Rooms.JoinAsync(Guid.NewGuid(), null, default)).ShouldBeRefused("room.ended");
        (await core.Rooms.EndAsync(room.Id, default)).ShouldSucceed();
        (await core.Rooms.JoinAsync(room.Id, null, default)).ShouldBeRefused("room.ended");
        (await core.ReadAsync<long>("SELECT count(*) FROM participants WHERE room_id = $1", room.Id)).ShouldBe(2);
    }

    [Fact]
    public async Task Nobody_joins_a_locked_room_but_whoever_has_joined_stays()
    {
        var room = (await core.Rooms.CreateAsync("A room", [], new RoomSettings(Assurance.Account), default)).ShouldSucceed();
        var account = Guid.NewGuid();
        var person = (await core.Rooms.JoinAsAccountAsync(room.Id, account, "Ann", default)).ShouldSucceed();
        for (var time = 0; time < 2; time++)
        {
            (await core.Rooms.LockJoiningAsync(room.Id, true, default)).ShouldSucceed();
        }

        (await core.Reader.FindAsync(room.Code, default)).ShouldNotBeNull().JoiningLocked.ShouldBeTrue();
        (await core.RoomAsync(room.Id)).Version.ShouldBe(2, "the second lock changed nothing");
        (await core.Rooms.JoinAsync(room.Id, null, default)).ShouldBeRefused("room.locked");
        (await core.Rooms.JoinAsAccountAsync(room.Id, Guid.NewGuid(), null, default)).ShouldBeRefused("room.locked");
        (await core.Rooms.JoinAsAccountAsync(room.Id, account, "Ann", default)).ShouldSucceed().ShouldBe(person);
        var seats = (await core.Rooms.CreateAsync("A room", [], new RoomSettings(Assurance.SeatCode), default)).ShouldSucceed();
        var seat = (await core.Seats.AddAsync(seats.Id, 1, Actor.Host, default)).ShouldSucceed()[0];
        (await core.Rooms.LockJoiningAsync(seats.Id, true, default)).ShouldSucceed();
        (await core.Seats.JoinAsync(seats.Id, null, seat.Code, null, default)).ShouldBeRefused("room.locked");
        (await core.Rooms.LockJoiningAsync(seats.Id, false, default)).ShouldSucceed();
        (await core.Seats.JoinAsync(seats.Id, null, seat.Code, null, default)).ShouldSucceed();
        (await core.Audit.ReadAsync(seats.Id, default)).Select(row => row.What).ShouldBe(["createRoom", "addSeats", "lockJoining", "unlockJoining"]);
        (await core.Rooms.EndAsync(room.Id, default)).ShouldSucceed();
        (await core.Rooms.JoinAsync(room.Id, null, default)).ShouldBeRefused("room.ended");
        (await core.Rooms.LockJoiningAsync(room.Id, false, default)).ShouldBeRefused("room.ended");
    }

    [Fact]
    public async Task Ending_a_room_closes_its_open_polls_keeps_their_votes_and_happens_once()
    {
        var open = await core.OpenAsync();
        var draft = await core.DraftAsync(room: open.RoomId);
        var neighbour = await core.OpenAsync();
        var receipt = (await core.CastAsync(open, Guid.NewGuid(), 0, 1)).Vote.ShouldNotBeNull();
        var before = await core.RoomAsync(open.RoomId);
        (await core.Rooms.EndAsync(open.RoomId, default)).ShouldSucceed();

        var ended = await core.RoomAsync(open.RoomId);
        (ended.State, ended.Version).ShouldBe((RoomStatus.Closed, before.Version + 1));
        ended.Polls.Select(poll => (poll.Id, poll.State, poll.Version)).ShouldBe(
            [(open.Id, PollState.Closed, open.Version + 1), (draft.Id, PollState.Draft, draft.Version)]);
        (await core.CastAsync(open, Guid.NewGuid(), 0, 0)).Outcome.ShouldBe(VoteOutcome.PollNotOpen);
        var audit = await core.AuditAsync(open.Id);
        audit.ShouldBe(1, 0, 1, 0);
        receipt.TallyVersion.ShouldBe(audit.Version);

        (await core.Rooms.EndAsync(open.RoomId, default)).ShouldSucceed();
        (await core.RoomAsync(open.RoomId)).Version.ShouldBe(ended.Version);
        (await core.PollAsync(neighbour.Id)).State.ShouldBe(PollState.Open);
    }

    [Fact]
    public async Task A_closed_poll_that_is_reopened_while_its_room_ends_does_not_stay_open()
    {
        var poll = await core.OpenAsync();
        await core.CloseAsync(poll);
        Task opening, ending;
        await using (await core.HoldRoomAsync(poll.RoomId))
        {
            // Holds the poll's row and waits for the room's.
            opening = core.Polls.OpenAsync(poll.RoomId, poll.Id, null, default);
            await core.UntilWaitingAsync(1);
            ending = core.Rooms.EndAsync(poll.RoomId, default);
            await core.UntilWaitingAsync(2);
        }

        await Task.WhenAll(opening, ending).WaitAsync(TimeSpan.FromSeconds(60));
        await NothingIsOpenAsync(poll.RoomId);
    }

    [Fact]
    public async Task A_poll_that_is_created_and_opened_while_its_room_ends_does_not_stay_open()
    {
        var first = await core.OpenAsync();
        PollSnapshot late;
        Task ending;
        await using (await core.HoldAsync(first.Id))
        {
            ending = core.Rooms.EndAsync(first.RoomId, default);
            await core.UntilWaitingAsync(1);
            late = await core.OpenAsync(room: first.RoomId);
        }

        await ending.WaitAsync(TimeSpan.FromSeconds(60));
        await NothingIsOpenAsync(first.RoomId);
        (await core.CastAsync(late, Guid.NewGuid(), 0, 0)).Outcome.ShouldBe(VoteOutcome.PollNotOpen);
    }

    [Fact]
    public async Task Live_rooms_never_share_a_code_and_a_room_that_draws_a_taken_one_gets_another()
    {
        await using var alone = new TestCore(await postgres.EmptyDatabaseAsync());
        await alone.MigrateAsync();
        var first = await alone.RoomAsync();
        // The first two codes drawn for the next room are the first room's code.
        await alone.RunAsync(
            $$"""
            CREATE SEQUENCE draws;
            CREATE FUNCTION draw() RETURNS trigger LANGUAGE plpgsql AS $f$
              BEGIN IF nextval('draws') <= 2 THEN NEW.code := '{{first.Code}}'; END IF; RETURN NEW; END $f$;
            CREATE TRIGGER draw BEFORE INSERT ON rooms FOR EACH ROW EXECUTE FUNCTION draw();
            """);
        var second = await alone.RoomAsync(TestApi.Draft());
        (await alone.ReadAsync<long>("SELECT last_value FROM draws")).ShouldBe(3);
        second.Code.ShouldNotBe(first.Code);
        (await alone.RoomAsync(second.Id)).Code.ShouldBe(second.Code);
        (await alone.ReadAsync<long>("SELECT count(*) FROM rooms")).ShouldBe(2);
        (await alone.ReadAsync<long>("SELECT count(*) FROM polls")).ShouldBe(1);
    }

    [Fact]
    public async Task A_code_is_free_again_once_its_room_ended_and_then_means_the_new_room()
    {
        var old = await core.RoomAsync();
        var young = await core.RoomAsync();
        Task<int> TakeAsync() => core.RunAsync("UPDATE rooms SET code = $1 WHERE id = $2", old.Code, young.Id);
        (await Should.ThrowAsync<PostgresException>(TakeAsync)).ConstraintName.ShouldBe("ux_rooms_live_code");
        (await core.Rooms.EndAsync(old.Id, default)).ShouldSucceed();
        (await core.Reader.FindAsync(old.Code, default)).ShouldBe(old with { State = RoomStatus.Closed });
        await TakeAsync();
        (await core.Reader.FindAsync(old.Code, default)).ShouldBe(young with { Code = old.Code });
        (await core.Rooms.EndAsync(young.Id, default)).ShouldSucceed();
        (await core.Reader.FindAsync(old.Code, default)).ShouldNotBeNull().Id.ShouldBe(young.Id);
    }

    private async Task NothingIsOpenAsync(Guid room)
    {
        var ended = await core.RoomAsync(room);
        ended.State.ShouldBe(RoomStatus.Closed);
        ended.Polls.ShouldAllBe(poll => poll.State != PollState.Open);
    }
}
