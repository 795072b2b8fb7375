using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Polls.Bench.Load;

/// <summary>
/// All people of the load client, on one thread: epoll, raw sockets, WebSocket frames by hand. This part connects, reads
/// and writes; <c>Engine.Voting.cs</c> votes and measures.
/// </summary>
internal sealed partial class Engine : IHearer
{
    private const int SourceAddresses = 8;
    private const int MostEvents = 512;
    private static readonly long HeartbeatTicks = 15 * Stopwatch.Frequency;
    private readonly List<Person> people = [];
    private readonly Native.Event[] events = new Native.Event[MostEvents];
    private readonly byte[] incoming = new byte[256 * 1024];
    private readonly byte[] outgoing = new byte[16 * 1024];
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
            Revisions = new int[room.Polls.Length], Receipts = new int[room.Polls.Length],
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

    private void Read(Person person)
    {
        var kept = 0;
        if (person.Unread is { } before)
        {
            before.CopyTo(incoming, 0);
            kept = before.Length;
            person.Unread = null;
        }

        var count = Native.Receive(person.Socket, incoming.AsSpan(kept));
        if (count <= 0 && count != -Native.WouldBlock)
        {
            Gone(person, count == 0 ? "ended by the server" : $"cut off with {-count}");
            return;
        }

        var bytes = incoming.AsSpan(0, kept + Math.Max(0, count));
        var used = person.Stage is Stage.Joining or Stage.Upgrading ? Answer(person, bytes) : Frames(person, bytes);
        if (used < bytes.Length && person.Socket >= 0)
        {
            if (used == 0 && bytes.Length == incoming.Length)
            {
                Gone(person, "a message that is too long");
                return;
            }

            person.Unread = bytes[used..].ToArray();
        }
    }

    /// <summary>The answer of an HTTP request; what follows the one to an upgrade is frames already.</summary>
    private int Answer(Person person, Span<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return 0;
        }

        var status = Encoding.ASCII.GetString(bytes[..Math.Min(end, 12)]);
        if (person.Stage == Stage.Upgrading)
        {
            if (!status.EndsWith("101", StringComparison.Ordinal))
            {
                Gone(person, $"upgrade: {status}");
                return bytes.Length;
            }

            person.Stage = Stage.Greeting;
            wire.Opened(person, this);
            return end + 4 + Frames(person, bytes[(end + 4)..]);
        }

        if (!status.EndsWith("201", StringComparison.Ordinal))
        {
            Gone(person, $"join: {status}");
            return bytes.Length;
        }

        var body = Encoding.UTF8.GetString(bytes[end..]);
        if (Text(body, "\"participantId\":\"") is not { } id || Text(body, "\"token\":\"") is not { } token)
        {
            return 0;
        }

        (person.Id, person.Token) = (id, token);
        Native.Close(person.Socket);
        person.Stage = Stage.Connecting;
        Open(person);
        return bytes.Length;
    }

    private static string? Text(string json, string name)
    {
        var at = json.IndexOf(name, StringComparison.Ordinal);
        var end = at < 0 ? -1 : json.IndexOf('"', at + name.Length);
        return end < 0 ? null : json[(at + name.Length)..end];
    }

    /// <summary>Hands on every whole frame; returns how many bytes that were.</summary>
    private int Frames(Person person, Span<byte> bytes)
    {
        var used = 0;
        while (person.Socket >= 0 && bytes.Length - used >= 2)
        {
            var rest = bytes[used..];
            var (head, length) = (rest[1] & 0x7F) switch
            {
                126 when rest.Length >= 4 => (4, BinaryPrimitives.ReadUInt16BigEndian(rest[2..])),
                127 when rest.Length >= 10 => (10, (int)BinaryPrimitives.ReadUInt64BigEndian(rest[2..])),
                < 126 and var small => (2, small),
                _ => (0, 0),
            };
            if (head == 0 || rest.Length < head + length)
            {
                break;
            }

            Heard(person, rest[0], rest.Slice(head, length));
            used += head + length;
        }

        return used;
    }

    private void Heard(Person person, byte kind, Span<byte> payload)
    {
        switch (kind)
        {
            case 0x81 or 0x82:
                wire.Heard(person, payload, this);
                break;
            case 0x01 or 0x02:
                // A message in several frames, as servers send what lies in several of their buffers.
                person.Pieces = payload.ToArray();
                break;
            case 0x00:
                person.Pieces = [.. person.Pieces ?? [], .. payload];
                break;
            case 0x80:
                byte[] whole = [.. person.Pieces ?? [], .. payload];
                person.Pieces = null;
                wire.Heard(person, whole, this);
                break;
            case 0x89:
                Frame(person, 0x8A, payload);
                break;
            case 0x88:
                Gone(person, "closed by the server");
                break;
            case 0x8A:
                break;
            default:
                Gone(person, $"a frame of the kind {kind}");
                break;
        }
    }

    /// <summary>Sends one frame, masked, as clients have to.</summary>
    private void Frame(Person person, byte kind, ReadOnlySpan<byte> payload)
    {
        var to = outgoing.AsSpan();
        to[0] = kind;
        var head = 2;
        if (payload.Length < 126)
        {
            to[1] = (byte)(0x80 | payload.Length);
        }
        else
        {
            to[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)payload.Length);
            head = 4;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(to[head..], person.Mask);
        head += 4;
        for (var i = 0; i < payload.Length; i++)
        {
            to[head + i] = (byte)(payload[i] ^ (person.Mask >> (8 * (i & 3))));
        }

        Write(person, to[..(head + payload.Length)]);
    }

    private void Write(Person person, ReadOnlySpan<byte> bytes)
    {
        if (person.Unsent is { } waiting)
        {
            person.Unsent = [.. waiting, .. bytes];
            return;
        }

        var sent = Native.Send(person.Socket, bytes);
        if (sent < 0 && sent != -Native.WouldBlock)
        {
            Gone(person, $"cut off with {-sent}");
        }
        else if (sent < bytes.Length)
        {
            person.Unsent = bytes[Math.Max(0, sent)..].ToArray();
            Native.Watch(poll, person.Socket, person.Index, Native.Readable | Native.Writable, known: true);
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
