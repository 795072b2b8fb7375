using Npgsql;

namespace Polls.Tests.Storage;

/// <summary>PostgreSQL itself enforces the essential rules, whatever code writes.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class ConstraintTests(SharedPostgres postgres)
{
    [Theory]
    [InlineData("pk_votes", "INSERT INTO votes SELECT poll_id, participant_id, 9, marks, weights, keys, texts, 1, now() FROM votes WHERE poll_id = $1")]
    [InlineData("ck_votes_revision", "UPDATE votes SET revision = -1 WHERE poll_id = $1")]
    [InlineData("fk_votes_polls", "UPDATE votes SET poll_id = gen_random_uuid() WHERE poll_id = $1")]
    [InlineData("ck_tallies_counts", "UPDATE tallies SET counts = '{0,-1,0}' WHERE poll_id = $1")]
    [InlineData("ck_tallies_voters", "UPDATE tallies SET voters = -1 WHERE poll_id = $1")]
    [InlineData("pk_tallies", "INSERT INTO tallies SELECT poll_id, 1, counts, 0, 0, 0, now() FROM tallies WHERE poll_id = $1")]
    [InlineData("fk_tallies_polls", "UPDATE tallies SET poll_id = gen_random_uuid() WHERE poll_id = $1")]
    [InlineData("ck_polls_options", "UPDATE polls SET options = array_fill('x'::text, ARRAY[21]) WHERE id = $1")]
    [InlineData("ck_polls_settings", "UPDATE polls SET settings = jsonb_build_object('a', repeat('x', 8192)) WHERE id = $1")]
    [InlineData("ck_tallies_cells", "UPDATE tallies SET counts = array_fill(0, ARRAY[257]) WHERE poll_id = $1")]
    [InlineData("pk_entries", "INSERT INTO entries SELECT $1, 1, k, k, 1, 0, NULL, NULL FROM unnest('{a,b}'::text[]) k")]
    [InlineData("ux_entries_poll_id_key", "INSERT INTO entries SELECT $1, n, 'a', 'a', 1, 0, NULL, NULL FROM generate_series(1, 2) n")]
    [InlineData("ck_entries_count", "INSERT INTO entries VALUES ($1, 1, 'a', 'a', -1, 0, NULL, NULL)")]
    [InlineData("fk_entries_polls", "INSERT INTO entries SELECT gen_random_uuid(), 1, 'a', 'a', 1, 0, NULL, NULL FROM polls WHERE id = $1")]
    [InlineData("ck_polls_state", "UPDATE polls SET state = 3 WHERE id = $1")]
    [InlineData("fk_polls_rooms", "UPDATE polls SET room_id = gen_random_uuid() WHERE id = $1")]
    [InlineData("ck_rooms_code", "UPDATE rooms SET code = '12345' WHERE id = (SELECT room_id FROM polls WHERE id = $1)")]
    [InlineData("ck_rooms_code", "UPDATE rooms SET code = '12345x' WHERE id = (SELECT room_id FROM polls WHERE id = $1)")]
    [InlineData("ck_rooms_code", "UPDATE rooms SET code = E'123456\\n' WHERE id = (SELECT room_id FROM polls WHERE id = $1)")]
    [InlineData("ux_rooms_live_code",
        """
        INSERT INTO rooms (id, code, title, assurance, anonymous, voter_key, version, created_at, host_seen_at,
          host_token_series, joining_locked, discards)
        SELECT gen_random_uuid(), r.code, 'Twin', 0, false, gen_random_uuid(), 1, now(), now(), 0, false, 0
        FROM rooms r JOIN polls p ON p.room_id = r.id WHERE p.id = $1
        """)]
    [InlineData("fk_participants_rooms", "INSERT INTO participants VALUES (gen_random_uuid(), $1, NULL, now(), false)")]
    public async Task PostgreSQL_enforces_the_rules(string constraint, string sql)
    {
        await using var core = postgres.Core();
        var poll = await core.OpenAsync();
        (await core.CastAsync(poll, Guid.NewGuid(), 0, 1)).Vote.ShouldNotBeNull();
        (await Should.ThrowAsync<PostgresException>(() => core.RunAsync(sql, poll.Id))).ConstraintName.ShouldBe(constraint);
        (await core.AuditAsync(poll.Id)).ShouldBe(1, 0, 1, 0);
    }

    [Fact]
    public async Task A_room_is_deleted_with_everything_in_it()
    {
        await using var core = postgres.Core();
        var poll = await core.OpenAsync();
        await core.CastAsync(poll, Guid.NewGuid(), 0, 1);
        (await core.Rooms.JoinAsync(poll.RoomId, null, default)).ShouldSucceed();
        (await core.RunAsync("DELETE FROM rooms WHERE id = $1", poll.RoomId)).ShouldBe(1);
        (await core.ReadAsync<long>(
            """
            SELECT (SELECT count(*) FROM polls WHERE id = $1) + (SELECT count(*) FROM tallies WHERE poll_id = $1)
              + (SELECT count(*) FROM votes WHERE poll_id = $1) + (SELECT count(*) FROM participants WHERE room_id = $2)
            """,
            poll.Id, poll.RoomId)).ShouldBe(0);
    }
}
