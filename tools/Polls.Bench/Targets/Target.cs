using Polls.AppHost;
using Polls.Bench.Load;

namespace Polls.Bench.Targets;

/// <summary>
/// Something to be measured, on stores of its own, together with the load client that measures it. Everything is real: PostgreSQL with
/// its durable defaults, Redis, separate processes.
/// </summary>
internal abstract class Target : IAsyncDisposable
{
    private readonly LoadClient load = new();
    private bool clusterIsShared;

    /// <summary>As the table calls it.</summary>
    public abstract string Name { get; }

    /// <summary>signalr, socketio or bare.</summary>
    public abstract string Wire { get; }

    /// <summary>Where people go.</summary>
    public abstract IReadOnlyList<int> Ports { get; }

    /// <summary>The servers that are being compared, without stores and balancer.</summary>
    public abstract IReadOnlyList<int> ServerProcesses { get; }

    /// <summary>PostgreSQL, Redis and nginx, as far as it has them.</summary>
    public IReadOnlyList<int> StoreProcesses =>
        [.. Cluster.Parts.Where(part => part is not ApiInstance).Select(part => part.ProcessId).OfType<int>()];

    public LocalCluster Cluster { get; private set; } = null!;

    /// <summary>The rooms that people are in.</summary>
    public RoomSpec[] Rooms { get; private set; } = [];

    /// <summary>Starts it on stores of its own, or on those of another one that goes on running.</summary>
    public static async Task<T> StartAsync<T>(T target, ClusterOptions options, LocalCluster? shared, CancellationToken cancellationToken)
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

    /// <summary>New rooms, in which nobody is yet; who was in others leaves.</summary>
    public async Task MakeRoomsAsync(int rooms, int polls, CancellationToken cancellationToken)
    {
        await load.DoAsync(new() { Do = "leave" }, cancellationToken);
        var made = new List<RoomSpec>();
        for (var i = 0; i < rooms; i++)
        {
            made.Add(await MakeRoomAsync(polls, cancellationToken));
        }

        Rooms = [.. made];
    }

    /// <summary>Brings the number of people up to this; fails when not all of them get in.</summary>
    public async Task<LoadAnswer> ConnectAsync(
        int people, CancellationToken cancellationToken, IReadOnlyList<int>? ports = null, int entering = 100, bool comeBack = false)
    {
        var answer = await load.DoAsync(
            new()
            {
                Do = "connect", Wire = Wire, Ports = [.. ports ?? Ports], Rooms = Rooms, People = people, Entering = entering,
                ComeBack = comeBack, PatienceSeconds = 180, Watch = [[.. ServerProcesses], [.. StoreProcesses]],
            },
            cancellationToken);
        return answer.Connected == people || comeBack
            ? answer
            : throw new DidNotHoldException($"only {answer.Connected} of {people} people got in ({string.Join(", ", answer.Errors.Select(error => $"{error.Key}: {error.Value}"))})");
    }

    public Task<LoadAnswer> DoAsync(LoadCommand command, CancellationToken cancellationToken) => load.DoAsync(command, cancellationToken);

    /// <summary>
    /// Compares every receipt that the load client has written down with what is stored, and the tallies with a recount of the votes.
    /// Returns what is wrong, or null.
    /// </summary>
    public async Task<string?> FindLossAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(Cluster.DataDirectory, "receipts");
        await load.DoAsync(new() { Do = "receipts", Path = path }, cancellationToken);
        var rows = await Cluster.Postgres.ExecuteAsync(StoredVotes, cancellationToken: cancellationToken);
        var stored = rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('|'))
            .ToDictionary(row => (row[0], row[1]), row => int.Parse(row[2], System.Globalization.CultureInfo.InvariantCulture));
        var lost = (await File.ReadAllLinesAsync(path, cancellationToken)).Select(line => line.Split(' ')).Count(
            line => stored.GetValueOrDefault((line[0], line[1])) < int.Parse(line[2], System.Globalization.CultureInfo.InvariantCulture));
        if (lost > 0)
        {
            return $"{lost} receipts are for votes that are not stored";
        }

        var wrong = await Cluster.Postgres.ExecuteAsync(WrongTallies, cancellationToken: cancellationToken);
        return wrong == "0" ? null : $"{wrong} tallies are not the recount of their votes";
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

    /// <summary>Rows of voter, poll, revision.</summary>
    protected abstract string StoredVotes { get; }

    /// <summary>How many tallies are not the recount of their votes.</summary>
    protected abstract string WrongTallies { get; }

    protected virtual Task BeginAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected virtual ValueTask EndAsync() => ValueTask.CompletedTask;

    protected abstract Task<RoomSpec> MakeRoomAsync(int polls, CancellationToken cancellationToken);
}

/// <summary>A figure cannot be measured; the message says why.</summary>
internal sealed class DidNotHoldException(string message) : Exception(message);
