using Npgsql;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Storage;

/// <summary>Instances behind a real PgBouncer in transaction mode, as docs/operations.md describes it.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class PgBouncerTests(SharedPostgres postgres)
{
    [Fact]
    public async Task Two_instances_behind_PgBouncer_count_every_vote_once()
    {
        var direct = await postgres.EmptyDatabaseAsync();
        (await InProcessProgram.MigrateAsync([("ConnectionStrings:Polls", direct)])).ExitCode.ShouldBe(0);
        await using var bouncer = await PgBouncer.StartAsync(direct);
        await using var one = await InstanceAsync(bouncer, "one");
        await using var other = await InstanceAsync(bouncer, "other");
        using var a = new TestApi(one.Address);
        using var b = new TestApi(other.Address);

        var room = await a.CreateRoomAsync(TestApi.Draft(), TestApi.Draft());
        var polls = (await a.StateAsync(room.Code, room.HostToken)).Polls.Select(poll => poll.Id).ToList();
        foreach (var poll in polls)
        {
            await b.DoAsync(room, poll, "open");
        }

        var people = await Task.WhenAll(Enumerable.Range(0, 30).Select(n => (n % 2 == 0 ? a : b).JoinAsync(room.Code)));
        await using var screen = await RoomClient.ConnectAsync(other.Address, await a.ScreenTokenAsync(room));
        await VoteAsync(revision: 1);

        // All connections break at once, and come back.
        await bouncer.StopAsync();
        (await a.RefusalAsync(HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{polls[0]}/vote", people[0].Token, new { choices = new[] { 2 }, revision = 2 }))
            .Code.ShouldBe("unavailable");
        await bouncer.StartAsync();
        await VoteAsync(revision: 3);

        foreach (var poll in polls)
        {
            await Until.TrueAsync(
                () => screen.Tallies.TryGetValue(poll, out var tally) && tally.Counts.SequenceEqual([10, 10, 10]), "the screen shows every vote");
        }

        var results = await a.SendAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/results.csv", room.HostToken, null);
        (await results.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(61, "a head and every vote");
        await a.DoAsync(room, polls[0], "close");
        await using var source = NpgsqlDataSource.Create(direct);
        await using var recount = source.CreateCommand("SELECT count(*) FROM votes");
        (await recount.ExecuteScalarAsync()).ShouldBe(60L);

        Task VoteAsync(int revision) => Task.WhenAll(people.SelectMany((person, n) => polls.Select(poll =>
            (n % 3 == 0 ? a : b).VoteAsync(room.Code, poll, person.Token, revision, (n + revision) % 3))));
    }

    private static Task<InProcessInstance> InstanceAsync(PgBouncer bouncer, string name) => InProcessInstance.StartAsync(
        ("ConnectionStrings:Polls", bouncer.ConnectionString), ("Database:MigrateAtStart", "false"), ("Instance:Id", name));
}
