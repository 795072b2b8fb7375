using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Polls.Prove.History;

namespace Polls.Prove.Clients;

/// <summary>
/// A phone, a screen or a host's desk: holds one connection at a time, comes back with backoff, and checks what it is told as it comes.
/// </summary>
internal sealed class LiveClient(Uri door, string name, Role role, string token, Chronicle chronicle) : IAsyncDisposable
{
    /// <summary>Stands in the text of every poll that stays a draft.</summary>
    public const string DraftMark = "nobody-may-read-this-draft";

    private static readonly byte[] DraftMarkBytes = "nobody-may-read-this-draft"u8.ToArray();
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<Guid, ShownPoll> shown = new();
    private volatile RoomConnection? present;
    private Task running = Task.CompletedTask;

    public string Name => name;

    public Role Role => role;

    public bool IsConnected => present is not null;

    /// <summary>How often it has connected.</summary>
    public int Connections { get; private set; }

    /// <summary>The polls as a page would show them.</summary>
    public IReadOnlyDictionary<Guid, ShownPoll> Shown => shown;

    /// <summary>Raised with the participant's own votes whenever the whole state came, and when the connection was begun.</summary>
    public Action<JsonElement, long>? OnState { get; init; }

    public void Start() => running = RunAsync();

    /// <summary>Calls the hub over the present connection.</summary>
    /// <exception cref="NotConnectedException">There is none.</exception>
    /// <exception cref="UnansweredException">There was no answer.</exception>
    public async Task<JsonElement> CallAsync(string method, params object[] arguments)
    {
        if (present is not { } connection)
        {
            throw new NotConnectedException();
        }

        try
        {
            return await connection.CallAsync(method, arguments);
        }
        catch (UnansweredException)
        {
            // An instance that does not answer may be hanging: another one will.
            connection.Abort();
            throw;
        }
    }

    /// <summary>Loses the connection without a word.</summary>
    public void Drop() => present?.Abort();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        Drop();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        for (var attempt = 0; !stop.IsCancellationRequested; attempt++)
        {
            try
            {
                var connection = new ConnectionView(Stopwatch.GetTimestamp());
                await using var live = await RoomConnection.ConnectAsync(
                    door, token, (method, arguments, record) => Take(connection, method, arguments, record), stop.Token);
                await Task.WhenAny(connection.Welcomed.Task, live.Ended).WaitAsync(TimeSpan.FromSeconds(10), stop.Token);
                if (connection.Welcomed.Task.IsCompleted)
                {
                    present = live;
                    Connections++;
                    attempt = 0;
                    await live.Ended;
                    present = null;
                    if (live.WasToldToMove)
                    {
                        chronicle.ToldToMove();
                    }
                }
            }
            catch (Exception failed) when (failed is UnansweredException or TimeoutException)
            {
                // Tried again below.
            }
            catch (OperationCanceledException)
            {
                return;
            }

            present = null;
            var wait = Math.Min(LongestWait.TotalMilliseconds, FirstWait.TotalMilliseconds * (1 << Math.Min(attempt, 4)));
            await Task.Delay(TimeSpan.FromMilliseconds(wait * (0.5 + (Random.Shared.NextDouble() / 2))), stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Take(ConnectionView connection, string method, JsonElement arguments, ReadOnlyMemory<byte> record)
    {
        chronicle.Heard();
        if (role == Role.Participant && record.Span.IndexOf(DraftMarkBytes) >= 0)
        {
            chronicle.Verdicts.Break(Guarantee.G6, $"{name} was sent a draft in {method}.");
        }

        switch (method)
        {
            case "RoomState":
                TakeState(connection, arguments[0]);
                break;
            case "PollChanged":
                Take(connection, arguments[0]);
                break;
            case "TallyChanged":
                TakeTally(connection, SeenTally.From(arguments[0]), visible: null);
                break;
        }
    }

    private void TakeState(ConnectionView connection, JsonElement state)
    {
        var version = state.GetProperty("version").GetInt64();
        if (version < connection.RoomVersion)
        {
            chronicle.Verdicts.Break(Guarantee.G3, $"{name}: the room's version went from {connection.RoomVersion} back to {version} on one connection.");
        }

        connection.RoomVersion = version;
        var there = new HashSet<Guid>();
        foreach (var poll in state.GetProperty("polls").EnumerateArray())
        {
            there.Add(Take(connection, poll));
        }

        foreach (var gone in shown.Keys.Where(poll => !there.Contains(poll)))
        {
            shown.TryRemove(gone, out _);
        }

        OnState?.Invoke(state, connection.Begun);
        connection.Welcomed.TrySetResult();
    }

    private Guid Take(ConnectionView connection, JsonElement view)
    {
        var poll = view.GetProperty("id").GetGuid();
        var state = view.GetProperty("state").GetString()!;
        var visible = view.GetProperty("resultsVisible").GetBoolean();
        if (state == "draft" && role != Role.Host)
        {
            chronicle.Verdicts.Break(Guarantee.G6, $"{name} was sent a poll that is a draft.");
        }

        shown.AddOrUpdate(poll, _ => new(state, visible, null, 0), (_, known) => known with { State = state, ResultsVisible = visible });
        if (view.TryGetProperty("tally", out var tally) && tally.ValueKind == JsonValueKind.Object)
        {
            TakeTally(connection, SeenTally.From(tally), visible);
        }

        return poll;
    }

    private void TakeTally(ConnectionView connection, SeenTally tally, bool? visible)
    {
        if (connection.Versions.TryGetValue(tally.Poll, out var before) && before > tally.Version)
        {
            chronicle.Verdicts.Break(
                Guarantee.G3, $"{name}: the tally of {chronicle.Story(tally.Poll)?.Name} went from version {before} back to {tally.Version} on one connection.");
        }

        var story = chronicle.Story(tally.Poll);
        var isOpen = shown.TryGetValue(tally.Poll, out var known) && known.State == "open";
        if (role == Role.Participant && (visible == false || story?.AlwaysHidden == true || (story?.HiddenWhileOpen == true && isOpen)))
        {
            chronicle.Verdicts.Break(Guarantee.G6, $"{name}, a participant, was sent the hidden tally of {chronicle.Story(tally.Poll)?.Name}: {tally}.");
        }

        connection.Versions[tally.Poll] = tally.Version;
        chronicle.Saw(tally, name, role == Role.Participant);
        var now = Stopwatch.GetTimestamp();
        shown.AddOrUpdate(
            tally.Poll, _ => new("open", visible ?? true, tally, now),
            (_, known) => known.Tally?.Version >= tally.Version && known.Tally.Says(tally) ? known : known with { Tally = tally, Since = now });
    }

    private sealed class ConnectionView(long begun)
    {
        public long Begun => begun;

        public long RoomVersion { get; set; }

        public Dictionary<Guid, long> Versions { get; } = [];

        public TaskCompletionSource Welcomed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What a client is to the room.</summary>
internal enum Role
{
    Participant,
    Screen,
    Host,
}

/// <summary>A poll as a page shows it, its tally since when (a timestamp).</summary>
internal sealed record ShownPoll(string State, bool ResultsVisible, SeenTally? Tally, long Since);
