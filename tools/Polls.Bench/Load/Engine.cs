using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Polls.Bench.Load;

/// <summary>
/// The load client: all connections on one thread, with epoll, raw sockets and hand-written WebSocket frames. This file
/// connects and disconnects people; <c>Engine.Frames.cs</c> reads and writes, <c>Engine.Voting.cs</c> and
/// <c>Engine.Plan.cs</c> vote and measure.
/// </summary>
internal sealed partial class Engine : IProtocolHandler
{
    private const int SourceAddresses = 8;
    private const int MaxEvents = 512;
    private static readonly long HeartbeatTicks = 15 * Stopwatch.Frequency;
    private readonly List<Person> people = [];
    private readonly Dictionary<RoomSpec, byte[][]> answers = [];
    private readonly Native.Event[] events = new Native.Event[MaxEvents];
    private readonly int poll = Native.Poll();
    private readonly Queue<Person> waiting = new();
    private readonly PriorityQueue<Person, long> reconnecting = new();
    private Dictionary<string, long> errors = [];
    private LoadCommand settings = new() { Do = "none" };
    private WireProtocol protocol = new BareProtocol();
    private int ready;
    private int connecting;
    private long lost;
    private int nextHeartbeat;
    private long lastHeartbeat = Stopwatch.GetTimestamp();
    private Histogram? arrivals;

    /// <summary>
    /// Handles pending events, waiting at most this long for one, and then due connects and heartbeats.
    /// </summary>
    public void RunOnce(int milliseconds)
    {
        var count = Native.Wait(poll, events, milliseconds);
        for (var i = 0; i < count; i++)
        {
            OnEvent(people[events[i].Index], events[i].Events);
        }

        while (connecting < settings.MaxConnecting && waiting.TryDequeue(out var next))
        {
            StartConnecting(next);
        }

        while (reconnecting.TryPeek(out _, out var at) && at <= Stopwatch.GetTimestamp())
        {
            StartConnecting(reconnecting.Dequeue());
        }

        SendHeartbeats();
    }

    public LoadAnswer Connect(LoadCommand command)
    {
        settings = command;
        protocol = WireProtocol.ByName(command.Protocol);
        errors = [];
        lost = 0;
        arrivals = new Histogram();
        var cpu = new CpuClock(command.Watch);
        var started = Stopwatch.GetTimestamp();
        for (var i = people.Count; i < command.People; i++)
        {
            people.Add(NewPerson(i, command, started));
            waiting.Enqueue(people[i]);
        }

        var limit = started + Ticks(command.TimeoutSeconds);
        while (ready < people.Count && Stopwatch.GetTimestamp() < limit)
        {
            RunOnce(20);
        }

        return cpu.Stop(new()
        {
            Connected = ready, Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Errors = errors, Lost = lost, Receipt = arrivals.Summary(),
        });
    }

    /// <summary>Disconnects everyone.</summary>
    public LoadAnswer Leave()
    {
        foreach (var person in people.Where(person => person.Socket >= 0))
        {
            Native.Close(person.Socket);
        }

        people.Clear();
        answers.Clear();
        waiting.Clear();
        reconnecting.Clear();
        (ready, connecting, nextHeartbeat) = (0, 0, 0);
        return new();
    }

    public void Ready(Person person)
    {
        if (person.Stage == Stage.Ready)
        {
            return;
        }

        person.Stage = Stage.Ready;
        ready++;
        connecting--;
        arrivals?.Add(Stopwatch.GetTimestamp() - person.Started);
        if (person.PendingVote is { } unanswered)
        {
            // Retry with the same revision, because the first call may have been executed.
            Send(person, unanswered);
        }
    }

    public void Failed(Person person, string what) => Count(what);

    public void Send(Person person, ReadOnlySpan<byte> message) => SendFrame(person, 0x81, message);

    private Person NewPerson(int index, LoadCommand command, long now)
    {
        var room = command.Rooms[index % command.Rooms.Length];
        // Encoded once for all people of the room.
        if (!answers.TryGetValue(room, out var encoded))
        {
            encoded = answers[room] = [.. (room.Answers ?? []).Select(Encoding.UTF8.GetBytes)];
        }

        return new()
        {
            Index = index, PortIndex = index % command.Ports.Length, Room = room,
            PollIds = [.. room.Polls.Select(Encoding.ASCII.GetBytes)],
            Answers = encoded,
            // 127.1.i.1: each source address has only 28,000 ports, and nginx distributes clients by address.
            SourceAddress = 127u | (1u << 8) | ((uint)(1 + (index % SourceAddresses)) << 16) | (1u << 24),
            Mask = (uint)Random.Shared.Next(1, int.MaxValue),
            Revisions = new int[room.Polls.Length], Receipts = new int[room.Polls.Length],
            Shown = new long[room.Polls.Length],
            Id = Guid.CreateVersion7().ToString(), Started = now,
        };
    }

    private void StartConnecting(Person person)
    {
        connecting++;
        person.Stage = protocol.Joins && person.Token.Length == 0 ? Stage.ConnectingToJoin : Stage.Connecting;
        OpenSocket(person);
    }

    private void OpenSocket(Person person)
    {
        person.Unread = person.Unsent = person.Fragments = null;
        person.Socket = Native.Connect(person.SourceAddress, settings.Ports[person.PortIndex]);
        if (person.Socket < 0)
        {
            Disconnected(person, "cannot connect");
            return;
        }

        Native.Watch(poll, person.Socket, person.Index, Native.Writable, known: false);
    }

    private void OnEvent(Person person, uint what)
    {
        if (person.Socket < 0)
        {
            return;
        }

        if (person.Stage is Stage.ConnectingToJoin or Stage.Connecting)
        {
            Connected(person);
            return;
        }

        if ((what & Native.Writable) != 0 && person.Unsent is { } rest)
        {
            person.Unsent = null;
            Write(person, rest);
            if (person.Unsent is null && person.Socket >= 0)
            {
                Native.Watch(poll, person.Socket, person.Index, Native.Readable, known: true);
            }
        }

        if (person.Socket >= 0 && (what & ~(uint)Native.Writable) != 0)
        {
            Read(person);
        }
    }

    private void Connected(Person person)
    {
        if (Native.Error(person.Socket) is not 0 and var error)
        {
            Disconnected(person, $"connect failed with {error}");
            return;
        }

        Native.Watch(poll, person.Socket, person.Index, Native.Readable, known: true);
        if (person.Stage == Stage.ConnectingToJoin)
        {
            person.Stage = Stage.Joining;
            Write(person, Encoding.ASCII.GetBytes(
                $"POST /api/rooms/{person.Room.Code}/participants HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"));
        }
        else
        {
            person.Stage = Stage.Upgrading;
            var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
            Write(person, Encoding.ASCII.GetBytes(
                $"GET {protocol.Path(person)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"));
        }
    }

    private void Disconnected(Person person, string why)
    {
        if (person.Socket >= 0)
        {
            Native.Close(person.Socket);
        }

        person.Socket = -1;
        if (person.Stage == Stage.Ready)
        {
            ready--;
            lost++;
        }
        else
        {
            connecting--;
        }

        person.Stage = settings.Reconnect ? Stage.Disconnected : Stage.Failed;
        if (settings.Reconnect)
        {
            // Like the product's own pages: soon, and not all at once.
            reconnecting.Enqueue(person, Stopwatch.GetTimestamp() + Ticks(0.2 + Random.Shared.NextDouble()));
        }

        Count(why);
    }

    /// <summary>
    /// Sends a few heartbeats at a time, so that each connection sends one every 15 s, like SignalR's clients.
    /// </summary>
    private void SendHeartbeats()
    {
        if (protocol.Heartbeat.IsEmpty || people.Count == 0)
        {
            return;
        }

        var now = Stopwatch.GetTimestamp();
        var due = (int)((now - lastHeartbeat) * people.Count / HeartbeatTicks);
        if (due == 0)
        {
            return;
        }

        lastHeartbeat = now;
        for (var i = 0; i < Math.Min(due, people.Count); i++)
        {
            nextHeartbeat = (nextHeartbeat + 1) % people.Count;
            if (people[nextHeartbeat].Stage == Stage.Ready)
            {
                SendFrame(people[nextHeartbeat], 0x81, protocol.Heartbeat);
            }
        }
    }

    private void Count(string error) => errors[error] = errors.GetValueOrDefault(error) + 1;

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);
}
