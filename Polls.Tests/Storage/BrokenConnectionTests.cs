using Npgsql;
using Polls.Prove.Faults;

namespace Polls.Tests.Storage;

[Collection(nameof(SharedPostgres))]
public sealed class BrokenConnectionTests(SharedPostgres postgres)
{
    [Fact]
    public async Task A_connection_that_breaks_while_a_statement_is_being_prepared_harms_no_later_query()
    {
        await using var link = new FaultyLink(() => postgres.Cluster.Postgres.Port);
        // One connection for the vote writer and one for all else.
        await using var core = new TestCore(
            new NpgsqlConnectionStringBuilder(postgres.Cluster.Postgres.ConnectionString) { Port = link.Port, MaxPoolSize = 2 }.ConnectionString,
            TestCore.OneWriter);
        var poll = await core.DraftAsync();

        // A statement is prepared when a connection executes it for the second time.
        for (var i = 0; i < 4; i++)
        {
            await core.PollAsync(poll.Id);
            link.Cut();
            link.Repair();
        }

        for (var i = 0; i < 4; i++)
        {
            (await core.PollAsync(poll.Id)).Id.ShouldBe(poll.Id);
            (await core.RoomAsync(poll.RoomId)).Id.ShouldBe(poll.RoomId);
        }
    }
}
