using Polls.AppHost;
using Polls.Bench.Load;

namespace Polls.Bench.Targets;

/// <summary>
/// A program to measure, with its own stores and its own load client. All parts are real processes, and PostgreSQL has
/// its durable defaults.
/// </summary>
internal abstract class Target : IAsyncDisposable
{
    private readonly LoadClient load = new();
    private bool clusterIsShared;

    /// <summary>The name in the report.</summary>
    public abstract string Name { get; }

    /// <summary>The protocol: signalr, socketio or bare.</summary>
    public abstract string Protocol { get; }

    /// <summary>The ports that people connect to.</summary>
    public abstract IReadOnlyList<int> Ports { get; }

    /// <summary>The process ids of the servers that are compared, without stores and nginx.</summary>
    public abstract IReadOnlyList<int> ServerProcesses { get; }

    /// <summary>The process ids of PostgreSQL, Redis and nginx, if present.</summary>
    public IReadOnlyList<int> StoreProcesses =>
        [.. Cluster.Parts.Where(part => part is not ApiInstance).Select(part => part.ProcessId).OfType<int>()];

    public LocalCluster Cluster { get; private set; } = null!;

    /// <summary>The current rooms.</summary>
    public RoomSpec[] Rooms { get; private set; } = [];

    /// <summary>Starts the target on its own stores, or on those of another one that keeps running.</summary>
    public static async Task<T> StartAsync<T>(
        T target, ClusterOptions options, LocalCluster? shared, CancellationToken cancellationToken)
        where T : Target
    {
        try
        {
            target.clusterIsShared = shared is not null;
            target.Cluster = shared ?? await LocalCluster.StartNewAsync(options, cancellationToken);
            await target.BeginAsync(cancellationToken);
            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    /// <summary>Disconnects everyone and creates new rooms.</summary>
    public async Task MakeRoomsAsync(int rooms, int polls, CancellationToken cancellationToken)
    {
        var made = new List<RoomSpec>();
        for (var i = 0; i < rooms; i++)
        {
            made.Add(await MakeRoomAsync(polls, cancellationToken));
        }

        await UseAsync([.. made], cancellationToken);
    }

    /// <summary>Connects people up to this total; throws if not all of them connect.</summary>
    public async Task<LoadAnswer> ConnectAsync(
        int people, CancellationToken cancellationToken, IReadOnlyList<int>? ports = null, int maxConnecting = 100,
        bool reconnect = false)
    {
        var answer = await load.DoAsync(
            new()
            {
                Do = "connect", Protocol = Protocol, Ports = [.. ports ?? Ports], Rooms = Rooms, People = people,
                MaxConnecting = maxConnecting,
                Reconnect = reconnect, TimeoutSeconds = 180, Watch = [[.. ServerProcesses], [.. StoreProcesses]],
            },
            cancellationToken);
        return answer.Connected == people || reconnect
            ? answer
            : throw new DidNotHoldException(
                $"only {answer.Connected} of {people} people connected "
                    + $"({string.Join(", ", answer.Errors.Select(error => $"{error.Key}: {error.Value}"))})");
    }

    public Task<LoadAnswer> DoAsync(LoadCommand command, CancellationToken cancellationToken) =>
        load.DoAsync(command, cancellationToken);

    /// <summary>
    /// Compares every receipt of the load client with the stored votes, and the tallies with a recount. Returns the
    /// problem, or null.
    /// </summary>
    public async Task<string?> FindLossAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(Cluster.DataDirectory, "receipts");
        await load.DoAsync(new() { Do = "receipts", Path = path }, cancellationToken);
        var rows = await Cluster.Postgres.ExecuteAsync(StoredVotes, cancellationToken: cancellationToken);
        var stored = rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('|'))
            .ToDictionary(
                row => (row[0], row[1]), row => int.Parse(row[2], System.Globalization.CultureInfo.InvariantCulture));
        var lost = (await File.ReadAllLinesAsync(path, cancellationToken)).Select(line => line.Split(' ')).Count(
            line =>
                stored.GetValueOrDefault((line[0], line[1]))
                    < int.Parse(line[2], System.Globalization.CultureInfo.InvariantCulture));
        if (lost > 0)
        {
            return $"{lost} receipts are for votes that are not stored";
        }

        var wrong = await Cluster.Postgres.ExecuteAsync(WrongTallies, cancellationToken: cancellationToken);
        return wrong == "0" ? null : $"{wrong} tallies differ from the recount of their votes";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await load.DisposeAsync();
        await EndAsync();
        if (Cluster is not null && !clusterIsShared)
        {
            await Cluster.DisposeAsync();
        }
    }

    /// <summary>SQL that returns rows of voter, poll and revision.</summary>
    protected abstract string StoredVotes { get; }

    /// <summary>SQL that counts the tallies that differ from the recount of their votes.</summary>
    protected abstract string WrongTallies { get; }

    /// <summary>Disconnects everyone; people will connect to these rooms.</summary>
    protected async Task UseAsync(RoomSpec[] rooms, CancellationToken cancellationToken)
    {
        await load.DoAsync(new() { Do = "leave" }, cancellationToken);
        Rooms = rooms;
    }

    protected virtual Task BeginAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected virtual ValueTask EndAsync() => ValueTask.CompletedTask;

    protected abstract Task<RoomSpec> MakeRoomAsync(int polls, CancellationToken cancellationToken);
}

/// <summary>A figure could not be measured; the message says why.</summary>
internal sealed class DidNotHoldException(string message) : Exception(message);
