using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Polls.Bench.Load;

/// <summary>
/// All people of the load client, on one thread: epoll, raw sockets, WebSocket frames by hand. This part lets them come
/// and go; <c>Engine.Frames.cs</c> reads and writes, <c>Engine.Voting.cs</c> votes and measures.
/// </summary>
internal sealed partial class Engine : IHearer
{
    private const int SourceAddresses = 8;
    private const int MostEvents = 512;
    private static readonly long HeartbeatTicks = 15 * Stopwatch.Frequency;
    private readonly List<Person> people = [];
    private readonly Native.Event[] events = new Native.Event[MostEvents];
    private readonly int poll = Native.Poll();
    private readonly Queue<Person> arriving = new();
    private readonly PriorityQueue<Person, long> returning = new();
    private Dictionary<string, long> errors = [];
    private LoadCommand setting = new() { Do = "none" };
    private Wire wire = new BareWire();
    private int ready;
    private int entering;
    private long lost;
    private int nextHeartbeat;
    private long lastHeartbeat = Stopwatch.GetTimestamp();
    private Histogram? arrivals;

    /// <summary>One turn: what came, at most so long, then what is due.</summary>
    public void Turn(int milliseconds)
    {
        var count = Native.Wait(poll, events, milliseconds);
        for (var i = 0; i < count; i++)
        {
            On(people[events[i].Index], events[i].Events);
        }

        while (entering < setting.Entering && arriving.TryDequeue(out var next))
        {
            SetOut(next);
        }

        while (returning.TryPeek(out _, out var at) && at <= Stopwatch.GetTimestamp())
        {
            SetOut(returning.Dequeue());
        }

        Beat();
    }

    public LoadAnswer Connect(LoadCommand command)
    {
        setting = command;
        wire = Wire.Named(command.Wire);
        errors = [];
        lost = 0;
        arrivals = new Histogram();
        var cpu = new CpuClock(command.Watch);
        var started = Stopwatch.GetTimestamp();
        for (var i = people.Count; i < command.People; i++)
        {
            people.Add(NewPerson(i, command, started));
            arriving.Enqueue(people[i]);
        }

        var limit = started + Ticks(command.PatienceSeconds);
        while (ready < people.Count && Stopwatch.GetTimestamp() < limit)
        {
            Turn(20);
        }

        return cpu.Stop(new()
        {
            Connected = ready, Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Errors = errors, Lost = lost, Receipt = arrivals.Summary(),
        });
    }

    /// <summary>Everybody leaves.</summary>
    public LoadAnswer Leave()
    {
        foreach (var person in people.Where(person => person.Socket >= 0))
        {
            Native.Close(person.Socket);
        }

        people.Clear();
        arriving.Clear();
        returning.Clear();
        (ready, entering, nextHeartbeat) = (0, 0, 0);
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
        entering--;
        arrivals?.Add(Stopwatch.GetTimestamp() - person.Started);
        if (person.Voting is { } unanswered)
        {
            // The same revision again: either vote may have been the one that counts.
            Send(person, unanswered);
        }
    }

    public void Failed(Person person, string what) => Count(what);

    public void Say(Person person, ReadOnlySpan<byte> message) => Frame(person, 0x81, message);

    private static Person NewPerson(int index, LoadCommand command, long now)
    {
        var room = command.Rooms[index % command.Rooms.Length];
        return new()
        {
            Index = index, Door = index % command.Ports.Length, Room = room,
            PollIds = [.. room.Polls.Select(Encoding.ASCII.GetBytes)],
            // 127.1.i.1: a source address has 28,000 ports, and a balancer tells people apart by address.
            From = 127u | (1u << 8) | ((uint)(1 + (index % SourceAddresses)) << 16) | (1u << 24),
            Mask = (uint)Random.Shared.Next(1, int.MaxValue),
            Revisions = new int[room.Polls.Length], Receipts = new int[room.Polls.Length], Shown = new long[room.Polls.Length],
            Id = Guid.CreateVersion7().ToString(), Started = now,
        };
    }

    private void SetOut(Person person)
    {
        entering++;
        person.Stage = wire.Joins && person.Token.Length == 0 ? Stage.ConnectingToJoin : Stage.Connecting;
        Open(person);
    }

    private void Open(Person person)
    {
        person.Unread = person.Unsent = person.Pieces = null;
        person.Socket = Native.Connect(person.From, setting.Ports[person.Door]);
        if (person.Socket < 0)
        {
            Gone(person, "cannot connect");
            return;
        }

        Native.Watch(poll, person.Socket, person.Index, Native.Writable, known: false);
    }

    private void On(Person person, uint what)
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
            Gone(person, $"connect failed with {error}");
            return;
        }

        Native.Watch(poll, person.Socket, person.Index, Native.Readable, known: true);
        if (person.Stage == Stage.ConnectingToJoin)
        {
            person.Stage = Stage.Joining;
            Write(person, Encoding.ASCII.GetBytes(
                $"POST /api/rooms/{person.Room.Code}/participants HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                + "Content-Length: 2\r\nConnection: close\r\n\r\n{}"));
        }
        else
        {
            person.Stage = Stage.Upgrading;
            var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
            Write(person, Encoding.ASCII.GetBytes(
                $"GET {wire.Path(person)} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"));
        }
    }

    private void Gone(Person person, string why)
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
            entering--;
        }

        person.Stage = setting.ComeBack ? Stage.Away : Stage.GivenUp;
        if (setting.ComeBack)
        {
            // As the product's own pages: soon, and not all at once.
            returning.Enqueue(person, Stopwatch.GetTimestamp() + Ticks(0.2 + Random.Shared.NextDouble()));
        }

        Count(why);
    }

    /// <summary>A few people at a time, so that each is heard of every 15 s, as SignalR's own clients are.</summary>
    private void Beat()
    {
        if (wire.Heartbeat.IsEmpty || people.Count == 0)
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
                Frame(people[nextHeartbeat], 0x81, wire.Heartbeat);
            }
        }
    }

    private void Count(string error) => errors[error] = errors.GetValueOrDefault(error) + 1;

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);
}
