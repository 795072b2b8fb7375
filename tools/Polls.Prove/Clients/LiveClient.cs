using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Polls.Prove.History;

namespace Polls.Prove.Clients;

/// <summary>
/// A phone, screen or host's desk: keeps one connection, reconnects with backoff, and checks every message it receives.
/// </summary>
internal sealed class LiveClient(Uri address, string name, Role role, string token, RunHistory history)
    : IAsyncDisposable
{
    /// <summary>The question of the poll that stays a draft.</summary>
    public const string DraftMark = "nobody-may-read-this-draft";

    private static readonly byte[] DraftMarkBytes = "nobody-may-read-this-draft"u8.ToArray();
    private static readonly TimeSpan InitialDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<Guid, ShownPoll> shown = new();
    private volatile RoomConnection? current;
    private Task running = Task.CompletedTask;

    public string Name => name;

    public Role Role => role;

    /// <summary>Who it is, if it is a participant.</summary>
    public Guid? Participant { get; init; }

    public bool IsConnected => current is not null;

    /// <summary>The number of connections so far.</summary>
    public int Connections { get; private set; }

    /// <summary>The polls as a page would show them, by id.</summary>
    public IReadOnlyDictionary<Guid, ShownPoll> Shown => shown;

    /// <summary>Called with each room state and the timestamp at which its connection was opened.</summary>
    public Action<JsonElement, long>? OnState { get; init; }

    /// <summary>Called with votes that this participant cast on other connections.</summary>
    public Action<JsonElement>? OnVotes { get; init; }

    public void Start() => running = RunAsync();

    /// <summary>Calls a hub method over the current connection.</summary>
    /// <exception cref="NotConnectedException">The client is not connected.</exception>
    /// <exception cref="UnansweredException">There was no answer.</exception>
    public async Task<JsonElement> CallAsync(string method, params object[] arguments)
    {
        if (current is not { } connection)
        {
            throw new NotConnectedException();
        }

        try
        {
            return await connection.CallAsync(method, arguments);
        }
        catch (UnansweredException)
        {
            // The instance may hang; reconnecting leads to another one.
            connection.Abort();
            throw;
        }
    }

    /// <summary>Aborts the connection without a close frame.</summary>
    public void Drop() => current?.Abort();

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
                    address,
                    token,
                    (method, arguments, record) => OnMessage(connection, method, arguments, record),
                    stop.Token);
                await Task.WhenAny(connection.StateReceived.Task, live.Ended)
                    .WaitAsync(TimeSpan.FromSeconds(10), stop.Token);
                if (connection.StateReceived.Task.IsCompleted)
                {
                    current = live;
                    Connections++;
                    attempt = 0;
                    await live.Ended;
                    current = null;
                    if (live.WasAskedToReconnect)
                    {
                        history.ReconnectRequested();
                    }
                }
            }
            catch (Exception failure) when (failure is UnansweredException or TimeoutException)
            {
                // The loop tries again.
            }
            catch (OperationCanceledException)
            {
                return;
            }

            current = null;
            var delay = Math.Min(
                MaxDelay.TotalMilliseconds, InitialDelay.TotalMilliseconds * (1 << Math.Min(attempt, 4)));
            await Task.Delay(TimeSpan.FromMilliseconds(delay * (0.5 + (Random.Shared.NextDouble() / 2))), stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void OnMessage(ConnectionView connection, string method, JsonElement arguments, ReadOnlyMemory<byte> record)
    {
        history.MessageReceived();
        if (role == Role.Participant && record.Span.IndexOf(DraftMarkBytes) >= 0)
        {
            history.Verdicts.Break(Guarantee.G6, $"{name} was sent a draft in {method}.");
        }

        switch (method)
        {
            case "RoomState":
                ApplyState(connection, arguments[0]);
                break;
            case "PollChanged":
                ApplyPoll(connection, arguments[0]);
                break;
            case "TallyChanged":
                ApplyTally(connection, SeenTally.From(arguments[0]), visible: null);
                break;
            case "MyVotes":
                OnVotes?.Invoke(arguments[0]);
                break;
        }
    }

    private void ApplyState(ConnectionView connection, JsonElement state)
    {
        var version = state.GetProperty("version").GetInt64();
        if (version < connection.RoomVersion)
        {
            history.Verdicts.Break(
                Guarantee.G3,
                $"{name}: the room's version went from {connection.RoomVersion} back to {version} on one connection.");
        }

        connection.RoomVersion = version;
        var present = new HashSet<Guid>();
        foreach (var poll in state.GetProperty("polls").EnumerateArray())
        {
            present.Add(ApplyPoll(connection, poll));
        }

        foreach (var removed in shown.Keys.Where(poll => !present.Contains(poll)))
        {
            shown.TryRemove(removed, out _);
        }

        OnState?.Invoke(state, connection.Opened);
        connection.StateReceived.TrySetResult();
    }

    private Guid ApplyPoll(ConnectionView connection, JsonElement view)
    {
        var poll = view.GetProperty("id").GetGuid();
        var state = view.GetProperty("state").GetString()!;
        var visible = view.GetProperty("resultsVisible").GetBoolean();
        if (state == "draft" && role != Role.Host)
        {
            history.Verdicts.Break(Guarantee.G6, $"{name} was sent a poll that is a draft.");
        }

        shown.AddOrUpdate(
            poll,
            _ => new(state, visible, null, 0),
            (_, known) => known with { State = state, ResultsVisible = visible });
        if (view.TryGetProperty("tally", out var tally) && tally.ValueKind == JsonValueKind.Object)
        {
            ApplyTally(connection, SeenTally.From(tally), visible);
        }

        return poll;
    }

    private void ApplyTally(ConnectionView connection, SeenTally tally, bool? visible)
    {
        if (connection.Versions.TryGetValue(tally.Poll, out var before) && before > tally.Version)
        {
            history.Verdicts.Break(
                Guarantee.G3,
                $"{name}: the tally of {history.FindPoll(tally.Poll)?.Name} went from version {before} back to "
                    + $"{tally.Version} on one connection.");
        }

        var poll = history.FindPoll(tally.Poll);
        var isOpen = shown.TryGetValue(tally.Poll, out var known) && known.State == "open";
        if (Participant is { } participant
            && (visible == false || (isOpen && poll is not null && history.IsHiddenFrom(participant, poll))))
        {
            history.Verdicts.Break(
                Guarantee.G6,
                $"{name}, a participant, was sent the hidden tally of {history.FindPoll(tally.Poll)?.Name}: {tally}.");
        }

        if (tally.Entries is { } entries)
        {
            history.Verdicts.Checked(Guarantee.G7, "entries sent, within the bounds of their audience");
            if (entries.Items.Count > role.Bounds.Items || entries.Bytes > role.Bounds.Bytes)
            {
                history.Verdicts.Break(
                    Guarantee.G7,
                    $"{name} was sent {entries.Items.Count} entries in {entries.Bytes} bytes of {poll?.Name}.");
            }
        }

        connection.Versions[tally.Poll] = tally.Version;
        history.TallySeen(tally, name, role == Role.Participant);
        var now = Stopwatch.GetTimestamp();
        shown.AddOrUpdate(
            tally.Poll, _ => new("open", visible ?? true, tally, now),
            (_, known) =>
                known.Tally?.Version >= tally.Version && known.Tally.Matches(tally)
                    ? known
                    : known with { Tally = tally, Since = now });
    }

    // What one connection has received, to detect versions that go back.
    private sealed class ConnectionView(long opened)
    {
        public long Opened => opened;

        public long RoomVersion { get; set; }

        public Dictionary<Guid, long> Versions { get; } = [];

        public TaskCompletionSource StateReceived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>The role of a client in the room.</summary>
internal enum Role
{
    Participant,
    Screen,
    Host,
}

/// <summary>A poll as a page shows it; <c>Since</c> is the timestamp of the last change of its tally.</summary>
internal sealed record ShownPoll(string State, bool ResultsVisible, SeenTally? Tally, long Since);

/// <summary>How much of a poll's entries the roles get.</summary>
internal static class EntryBounds
{
    extension(Role role)
    {
        /// <summary>The number of items, and the bytes of <c>entries</c>.</summary>
        public (int Items, int Bytes) Bounds => role switch
        {
            Role.Participant => (20, 1_024),
            Role.Screen => (100, 12 * 1_024),
            _ => (200, 48 * 1_024),
        };
    }
}
