using System.Diagnostics;
using Npgsql;
using Polls.Prove.Clients;
using Polls.Prove.History;

namespace Polls.Prove.People;

/// <summary>All clients of the room: voters, screens, the host, and clients that never read.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private readonly List<LiveClient> clients = [];
    private readonly List<Voter> voters = [];
    private readonly List<StalledClient> stalled = [];
    private readonly CancellationTokenSource stop = new();
    private readonly ApiClient http;
    private readonly RunHistory history;
    private readonly ProofOptions options;
    private List<Task> running = [];

    private Crowd(ProofOptions options, ApiClient http, Room room, RunHistory history)
    {
        (this.options, this.http, Room, this.history) = (options, http, room, history);
    }

    public Room Room { get; }

    public VotingGate Gate { get; } = new();

    /// <summary>All clients that read: the host's desk, screens and voters.</summary>
    public IReadOnlyList<LiveClient> Clients => clients;

    public IReadOnlyList<LiveClient> Screens => [.. clients.Where(client => client.Role == Role.Screen)];

    public IReadOnlyList<StalledClient> Stalled => stalled;

    public IReadOnlyList<Voter> Voters => voters;

    /// <summary>Creates the room and connects all clients; nobody votes yet.</summary>
    public static async Task<Crowd> ConnectAsync(
        Uri address, ProofOptions options, RunHistory history, CancellationToken cancellationToken)
    {
        // More than the 12 s for which nginx waits for a hung instance; also, the machine is slow right after the
        // start.
        var http = new ApiClient(address, seconds: 15);
        var crowd = new Crowd(options, http, await Room.CreateAsync(http, history, cancellationToken), history);
        try
        {
            await crowd.JoinAsync(address, cancellationToken);
            return crowd;
        }
        catch
        {
            await crowd.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the voters, the host and the stalled clients.</summary>
    public void StartVoting(NpgsqlDataSource database, Func<TimeSpan> faultFreeFor)
    {
        Gate.Open();
        stalled.ForEach(client => client.Start());
        var host = new Host(Room, http, database, history, faultFreeFor, new Random(options.Seed));
        // Every fourth voter votes rarely: the next vote of a voter could hide the loss of the previous one.
        running =
        [
            .. voters.Select((voter, i) =>
                voter.VoteAsync(Gate, options.ThinkTime * (i % 4 == 0 ? 8 : 1), stop.Token)),
            host.RunAsync(Gate, stop.Token)
        ];
    }

    /// <summary>Drops all connections at the same moment.</summary>
    public void DropAll() => clients.ForEach(client => client.Drop());

    /// <summary>
    /// Stops all activity; reading clients stay connected. Rethrows exceptions of voters and the host.
    /// </summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        foreach (var task in running)
        {
            try
            {
                await task.WaitAsync(TimeSpan.FromSeconds(30));
            }
            catch (OperationCanceledException)
            {
                // Stopped.
            }
        }

        running = [];
        await Task.WhenAll(stalled.Select(client => client.StopAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
            stalled.ForEach(client => client.Dispose());
            http.Dispose();
            stop.Dispose();
        }
    }

    private async Task JoinAsync(Uri address, CancellationToken cancellationToken)
    {
        clients.Add(new LiveClient(address, "the host's desk", Role.Host, Room.HostToken, history));
        for (var i = 1; i <= options.Screens; i++)
        {
            var screen = await http.SendAsync(
                HttpMethod.Post, $"/api/rooms/{Room.Code}/screens", Room.HostToken, null, cancellationToken);
            clients.Add(new LiveClient(
                address, $"screen {i}", Role.Screen, screen.GetProperty("token").GetString()!, history));
        }

        for (var i = 1; i <= options.Voters; i++)
        {
            var joined = await http.SendAsync(
                HttpMethod.Post, $"/api/rooms/{Room.Code}/participants", null, new { }, cancellationToken);
            var (id, token) = (joined.GetProperty("participantId").GetGuid(), joined.GetProperty("token").GetString()!);
            var client = new LiveClient(address, $"voter {i}", Role.Participant, token, history)
            {
                Participant = id,
                OnState = (state, opened) => OwnVotes.Check(id, state, opened, history),
                OnVotes = votes => OwnVotes.Check(id, votes, history),
            };
            clients.Add(client);
            voters.Add(new Voter(id, Room.Code, token, client, http, history, new Random(HashCode(options.Seed, i)))
            {
                // Who never answers must never see the result of a poll that shows it after the vote.
                Abstains = i % 3 == 0,
            });
            if (i <= options.Stalled)
            {
                stalled.Add(new StalledClient(address, token));
            }
        }

        clients.ForEach(client => client.Start());
        var started = Stopwatch.GetTimestamp();
        while (!clients.TrueForAll(client => client.IsConnected))
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(60))
            {
                throw new TimeoutException(
                    $"Only {clients.Count(client => client.IsConnected)} of {clients.Count} clients "
                        + "connected within a minute.");
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    private static int HashCode(int seed, int index) => unchecked((seed * 7919) + index);
}
