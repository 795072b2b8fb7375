using Polls.AppHost.Processes;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>PostgreSQL goes back to an older state: every screen shows what is stored now, although versions went back.</summary>
[Collection(nameof(BreakableInstances))]
public sealed class RestoredStoreTests(BreakableInstances cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task After_the_files_of_an_older_backup_are_restored_connected_screens_follow_the_older_tally()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var desk = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        await using var voter = await VoterAsync(cluster.B, room.Code);
        (await voter.CastAsync(poll, 0, 1)).TallyVersion.ShouldBe(1);
        await cluster.ConvergedAsync(poll, 3, desk, voter);
        var postgres = cluster.Cluster.Postgres;
        var backup = $"{postgres.FilesDirectory}.backup";
        await postgres.StopAsync();
        await CopyAsync(postgres.FilesDirectory, backup);
        await cluster.MendAsync();
        for (var revision = 1; revision <= 20; revision++)
        {
            await voter.CastAsync(poll, revision, 2);
        }

        await cluster.A.DoAsync(room, poll, "close");
        await cluster.ConvergedAsync(poll, 3, desk, voter);
        await Until.TrueAsync(() => voter.Polls[poll].State == PollState.Closed, "the voter sees that the poll is closed");
        await Until.TrueAsync(() => desk.Tallies[poll].Version == 21 && voter.Tallies[poll].Version == 21, "both show the newest tally");

        await postgres.KillAsync();
        Directory.Delete(postgres.FilesDirectory, recursive: true);
        Directory.Move(backup, postgres.FilesDirectory);
        await cluster.MendAsync();

        foreach (var client in (RoomClient[])[desk, voter])
        {
            await Until.TrueAsync(() => client.Tallies.TryGetValue(poll, out var tally) && tally.Version == 1, "the client shows the restored tally");
            client.Tallies[poll].Counts.ShouldBe([0, 1, 0]);
            client.Polls[poll].State.ShouldBe(PollState.Open);
        }

        voter.State!.MyVotes.Single().Revision.ShouldBe(0);
        (await voter.CastAsync(poll, 21, 0)).TallyVersion.ShouldBe(2);
        await using var another = await VoterAsync(cluster.A, room.Code);
        await another.CastAsync(poll, 0, 0);
        await cluster.ConvergedAsync(poll, 3, desk, voter, another);
    }

    [Fact]
    public async Task After_a_restart_without_a_loss_everything_stays_as_it_was()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var desk = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        await using var voter = await VoterAsync(cluster.B, room.Code);
        await voter.CastAsync(poll, 3, 1);
        await cluster.ConvergedAsync(poll, 3, desk, voter);
        var epoch = voter.State!.Epoch;

        await cluster.Cluster.Postgres.RestartAsync();
        await cluster.MendAsync();

        await Until.TrueAsync(() => voter.State.Epoch != epoch && desk.State!.Epoch == voter.State.Epoch, "both know the new epoch");
        voter.State.MyVotes.Single().Revision.ShouldBe(3);
        voter.Tallies[poll].Version.ShouldBe(1);
        (await voter.CastAsync(poll, 4, 2)).TallyVersion.ShouldBe(2);
        await cluster.ConvergedAsync(poll, 3, desk, voter);
    }

    [Fact]
    public async Task A_room_that_is_missing_during_a_restore_is_back_afterwards()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var desk = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        await using var voter = await VoterAsync(cluster.B, room.Code);
        await voter.CastAsync(poll, 0, 1);
        await cluster.ConvergedAsync(poll, 3, desk, voter);

        await cluster.Cluster.Postgres.ExecuteAsync(
            """
            BEGIN;
            CREATE TABLE rooms_backup AS SELECT * FROM rooms; CREATE TABLE polls_backup AS SELECT * FROM polls;
            CREATE TABLE votes_backup AS SELECT * FROM votes; CREATE TABLE tallies_backup AS SELECT * FROM tallies;
            TRUNCATE rooms CASCADE;
            COMMIT
            """);
        await Until.TrueAsync(() => desk.RoomClosed && voter.RoomClosed, "the room is missing");
        await cluster.Cluster.Postgres.ExecuteAsync(
            """
            BEGIN;
            INSERT INTO rooms SELECT * FROM rooms_backup; INSERT INTO polls SELECT * FROM polls_backup;
            INSERT INTO votes SELECT * FROM votes_backup; INSERT INTO tallies SELECT * FROM tallies_backup;
            DROP TABLE rooms_backup, polls_backup, votes_backup, tallies_backup;
            COMMIT
            """);

        await Until.TrueAsync(() => desk.State!.Polls.Count == 1 && voter.State!.Polls.Count == 1, "the room is back");
        (await voter.CastAsync(poll, 1, 2)).Revision.ShouldBe(1);
        await cluster.ConvergedAsync(poll, 3, desk, voter);
    }

    [Fact]
    public async Task After_the_tallies_of_an_older_backup_are_restored_while_the_server_runs_connected_screens_follow()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var desk = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        await using var voter = await VoterAsync(cluster.B, room.Code);
        for (var revision = 0; revision < 20; revision++)
        {
            await voter.CastAsync(poll, revision, 2);
        }

        await cluster.ConvergedAsync(poll, 3, desk, voter);
        var epoch = voter.State!.Epoch;

        await cluster.ForgetVotesAsync(poll);

        await Until.TrueAsync(() => desk.Tallies[poll].Version == 0 && voter.Tallies[poll].Version == 0, "both show the restored tally");
        voter.State!.Epoch.ShouldNotBe(epoch);
        voter.State.MyVotes.ShouldBeEmpty();
        (await voter.CastAsync(poll, 20, 0)).TallyVersion.ShouldBe(1);
        await cluster.ConvergedAsync(poll, 3, desk, voter);
    }

    private static async Task<RoomClient> VoterAsync(TestApi api, string code) =>
        await RoomClient.ConnectAsync(api.Address, (await api.JoinAsync(code)).Token);

    // With the owner and the rights that PostgreSQL insists on.
    private static async Task CopyAsync(string from, string to) =>
        (await Tool.RunAsync("cp", ["-a", from, to])).OrThrow("cp");
}
