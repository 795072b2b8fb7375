using System.Diagnostics;
using Npgsql;
using Polls.Prove.Clients;
using Polls.Prove.History;

namespace Polls.Prove.People;

/// <summary>Everybody in the room: voters, screens, the host, and some who ask and never read.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private readonly List<LiveClient> clients = [];
    private readonly List<Voter> voters = [];
    private readonly List<StalledClient> stalled = [];
    private readonly CancellationTokenSource stop = new();
    private readonly HttpDoor http;
    private readonly Chronicle chronicle;
    private readonly ProofOptions options;
    private List<Task> acting = [];

    private Crowd(ProofOptions options, HttpDoor http, Room room, Chronicle chronicle)
    {
        (this.options, this.http, Room, this.chronicle) = (options, http, room, chronicle);
    }

    public Room Room { get; }

    public VotingGate Gate { get; } = new();

    /// <summary>Everyone who listens.</summary>
    public IReadOnlyList<LiveClient> Clients => clients;

    public IReadOnlyList<LiveClient> Screens => [.. clients.Where(client => client.Role == Role.Screen)];

    public IReadOnlyList<StalledClient> Stalled => stalled;

    public IReadOnlyList<Voter> Voters => voters;

    /// <summary>People come in; nobody votes yet.</summary>
    public static async Task<Crowd> GatherAsync(Uri door, ProofOptions options, Chronicle chronicle, CancellationToken cancellationToken)
    {
        // Above the 12 s that a hung instance costs a request behind nginx; and a machine that has just started everything is slow.
        var http = new HttpDoor(door, seconds: 15);
        var crowd = new Crowd(options, http, await Room.CreateAsync(http, chronicle, cancellationToken), chronicle);
        try
        {
            await crowd.ComeInAsync(door, cancellationToken);
            return crowd;
        }
        catch
        {
            await crowd.DisposeAsync();
            throw;
        }
    }

    /// <summary>Everybody begins.</summary>
    public void Begin(NpgsqlDataSource database, Func<TimeSpan> quietFor)
    {
        Gate.Open();
        stalled.ForEach(client => client.Start());
        var host = new Host(Room, http, database, chronicle, quietFor, new Random(options.Seed));
        // Every fourth votes rarely: what is lost of the others' votes, their next vote may hide.
        acting = [.. voters.Select((voter, i) => voter.VoteAsync(Gate, options.Thinking * (i % 4 == 0 ? 8 : 1), stop.Token)), host.RunAsync(Gate, stop.Token)];
    }

    /// <summary>Everybody loses the connection at the same moment.</summary>
    public void DropAll() => clients.ForEach(client => client.Drop());

    /// <summary>Nobody does anything any more; who listens stays. Faults of the suite itself come to light here.</summary>
    public async Task EndAsync()
    {
        await stop.CancelAsync();
        foreach (var task in acting)
        {
            try
            {
                await task.WaitAsync(TimeSpan.FromSeconds(30));
            }
            catch (OperationCanceledException)
            {
                // As asked.
            }
        }

        acting = [];
        await Task.WhenAll(stalled.Select(client => client.StopAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await EndAsync();
        }
        finally
        {
            await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
            stalled.ForEach(client => client.Dispose());
            http.Dispose();
            stop.Dispose();
        }
    }

    private async Task ComeInAsync(Uri door, CancellationToken cancellationToken)
    {
        clients.Add(new LiveClient(door, "the host's desk", Role.Host, Room.HostToken, chronicle));
        for (var i = 1; i <= options.Screens; i++)
        {
            var screen = await http.SendAsync(HttpMethod.Post, $"/api/rooms/{Room.Code}/screens", Room.HostToken, null, cancellationToken);
            clients.Add(new LiveClient(door, $"screen {i}", Role.Screen, screen.GetProperty("token").GetString()!, chronicle));
        }

        for (var i = 1; i <= options.Voters; i++)
        {
            var joined = await http.SendAsync(HttpMethod.Post, $"/api/rooms/{Room.Code}/participants", null, new { }, cancellationToken);
            var (id, token) = (joined.GetProperty("participantId").GetGuid(), joined.GetProperty("token").GetString()!);
            var client = new LiveClient(door, $"voter {i}", Role.Participant, token, chronicle)
            {
                OnState = (state, begun) => OwnVotes.Check(id, state, begun, chronicle),
            };
            clients.Add(client);
            voters.Add(new Voter(id, Room.Code, token, client, http, chronicle, new Random(HashCode(options.Seed, i))));
            if (i <= options.Stalled)
            {
                stalled.Add(new StalledClient(door, token));
            }
        }

        clients.ForEach(client => client.Start());
        var started = Stopwatch.GetTimestamp();
        while (!clients.TrueForAll(client => client.IsConnected))
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(60))
            {
                throw new TimeoutException($"Only {clients.Count(client => client.IsConnected)} of {clients.Count} clients came in within a minute.");
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    private static int HashCode(int seed, int index) => unchecked((seed * 7919) + index);
}
