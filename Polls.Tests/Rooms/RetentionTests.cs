using Polls.Core.Kinds;
using Polls.Core.Rooms;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Rooms;

/// <summary>Ended rooms are kept for the configured time, and then deleted completely.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class RetentionTests(SharedPostgres postgres)
{
    [Fact]
    public async Task A_room_that_nobody_joined_is_deleted_a_week_after_its_end_unless_it_belongs_to_an_account()
    {
        await using var core = postgres.Core();
        var owner = Guid.NewGuid();
        await core.RunAsync(
            $"""
            INSERT INTO accounts (id, email, normalized_email, password_hash, security_stamp, concurrency_stamp, two_factor_enabled, recovery_codes,
              used_step, attempts, created_at)
            VALUES ('{owner}', '{owner}', '{owner}', '', '', '', false, array[]::text[], 0, 0, now())
            """);
        var unused = await EndedAsync(null, 7 * 24 + 1);
        var recent = await EndedAsync(null, 7 * 24 - 1);
        var owned = await EndedAsync(owner, 7 * 24 + 1);
        var used = await EndedAsync(null, 7 * 24 + 1, join: true);

        await core.Housekeeping.StartAsync(default);
        await Until.TrueAsync(async () => await core.Reader.LoadAsync(unused, default) is null, "the unused room is deleted");
        await core.Housekeeping.StopAsync(default);
        foreach (var room in (Guid[])[recent, owned, used])
        {
            (await core.Reader.LoadAsync(room, default)).ShouldNotBeNull();
        }

        async Task<Guid> EndedAsync(Guid? owner, int hours, bool join = false)
        {
            var room = (await core.Rooms.CreateAsync("Room", [TestApi.Draft()], new RoomSettings(Assurance.Device, false, owner), default)).ShouldSucceed();
            if (join)
            {
                (await core.Rooms.JoinAsync(room.Id, "Ann", default)).ShouldSucceed();
            }

            (await core.Rooms.EndAsync(room.Id, default)).ShouldSucceed();
            await core.RunAsync($"UPDATE rooms SET ended_at = ended_at - interval '{hours} hours' WHERE id = '{room.Id}'");
            return room.Id;
        }
    }

    [Fact]
    public async Task Only_a_room_that_ended_long_ago_is_deleted_with_everything_in_it()
    {
        await using var core = postgres.Core();
        var rooms = new List<(Guid Room, Guid Poll, Guid Participant)>();
        foreach (var name in (string[])["old", "young", "live"])
        {
            var room = (await core.Rooms.CreateAsync(name, [TestApi.Draft()], default)).ShouldSucceed();
            var poll = (await core.Reader.LoadAsync(room.Id, default))!.Room.Polls.Single().Id;
            (await core.Polls.OpenAsync(room.Id, poll, null, default)).ShouldSucceed();
            var participant = (await core.Rooms.JoinAsync(room.Id, "Ann", default)).ShouldSucceed();
            (await core.Box.CastAsync(new Voter(room.Id, participant), poll, new Answer { Choices = [0] }, 1, null, default)).ShouldSucceed();
            rooms.Add((room.Id, poll, participant));
        }

        (await core.Rooms.EndAsync(rooms[0].Room, default)).ShouldSucceed();
        (await core.Rooms.EndAsync(rooms[1].Room, default)).ShouldSucceed();
        await core.RunAsync($"UPDATE rooms SET ended_at = ended_at - interval '91 days' WHERE id = '{rooms[0].Room}'");
        await core.RunAsync($"UPDATE rooms SET ended_at = ended_at - interval '89 days' WHERE id = '{rooms[1].Room}'");

        await core.Housekeeping.StartAsync(default);
        await Until.TrueAsync(async () => await core.Reader.LoadAsync(rooms[0].Room, default) is null, "the old room is deleted");
        await core.Housekeeping.StopAsync(default);
        foreach (var (room, poll, participant) in rooms)
        {
            var left = await core.ReadAsync<long>(
                $"""
                SELECT (SELECT count(*) FROM rooms WHERE id = '{room}') + (SELECT count(*) FROM polls WHERE id = '{poll}')
                  + (SELECT count(*) FROM tallies WHERE poll_id = '{poll}') + (SELECT count(*) FROM votes WHERE poll_id = '{poll}')
                  + (SELECT count(*) FROM participants WHERE id = '{participant}') + (SELECT least(count(*), 1) FROM audit WHERE room_id = '{room}')
                """);
            left.ShouldBe(room == rooms[0].Room ? 0 : 6);
        }
    }
}
