using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Polls.Bench.Load;

/// <summary>What a wire tells of a message that came.</summary>
internal interface IHearer
{
    /// <summary>The person is in, and knows the state.</summary>
    void Ready(Person person);

    void Say(Person person, ReadOnlySpan<byte> message);

    void Receipt(Person person, int call, long version);

    void Refused(Person person, int call, string why);

    void Updated(Person person, int poll, long version);

    void Failed(Person person, string what);
}

/// <summary>A language spoken over WebSockets, written down by hand: nothing is parsed that need not be.</summary>
internal abstract class Wire
{
    public static Wire Named(string name) => name switch
    {
        "signalr" => new SignalRWire(),
        "socketio" => new SocketIoWire(),
        "bare" => new BareWire(),
        _ => throw new ArgumentException($"Unknown wire '{name}'.", nameof(name)),
    };

    /// <summary>Whether people join over HTTP first, which gives them a token.</summary>
    public virtual bool Joins => false;

    /// <summary>Whether a vote gets a receipt.</summary>
    public virtual bool Answers => true;

    /// <summary>Bytes that a client sends now and then to show that it lives; empty for none.</summary>
    public virtual ReadOnlySpan<byte> Heartbeat => [];

    public abstract string Path(Person person);

    /// <summary>The WebSocket is open.</summary>
    public abstract void Opened(Person person, IHearer hearer);

    public abstract void Heard(Person person, ReadOnlySpan<byte> message, IHearer hearer);

    /// <summary>Writes the vote; returns its length.</summary>
    public abstract int Cast(Span<byte> to, Person person, Vote vote, int choice);

    /// <summary>The number behind this name, or -1.</summary>
    protected static long Number(ReadOnlySpan<byte> message, ReadOnlySpan<byte> name)
    {
        var at = message.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(message[(at + name.Length)..], out long number, out _) ? number : -1;
    }

    /// <summary>Which of the person's polls a message is about.</summary>
    protected static int PollOf(Person person, ReadOnlySpan<byte> message)
    {
        for (var i = 0; person.PollIds.Length > 1 && i < person.PollIds.Length; i++)
        {
            if (message.IndexOf(person.PollIds[i]) >= 0)
            {
                return i;
            }
        }

        return 0;
    }

    protected static int Put(Span<byte> to, ReadOnlySpan<byte> text)
    {
        text.CopyTo(to);
        return text.Length;
    }

    protected static int Put(Span<byte> to, int number)
    {
        Utf8Formatter.TryFormat(number, to, out var written);
        return written;
    }
}

/// <summary>SignalR's JSON protocol, for the product and for the same hub done the plain way.</summary>
internal sealed class SignalRWire : Wire
{
    private const byte End = 0x1E;

    public override bool Joins => true;

    public override ReadOnlySpan<byte> Heartbeat => "{\"type\":6}\u001e"u8;

    public override string Path(Person person) => $"/hubs/room?room={person.Room.Code}&access_token={person.Token}";

    public override void Opened(Person person, IHearer hearer) => hearer.Say(person, "{\"protocol\":\"json\",\"version\":1}\u001e"u8);

    public override void Heard(Person person, ReadOnlySpan<byte> message, IHearer hearer)
    {
        while (!message.IsEmpty)
        {
            var end = message.IndexOf(End);
            if (end < 0)
            {
                hearer.Failed(person, "a record without an end");
                return;
            }

            Record(person, message[..end], hearer);
            message = message[(end + 1)..];
        }
    }

    public override int Cast(Span<byte> to, Person person, Vote vote, int choice)
    {
        var length = Put(to, "{\"type\":1,\"invocationId\":\""u8);
        length += Put(to[length..], person.Call);
        length += Put(to[length..], "\",\"target\":\"CastVote\",\"arguments\":[\""u8);
        length += Put(to[length..], person.PollIds[vote.Poll]);
        length += Put(to[length..], "\",{\"choices\":["u8);
        length += Put(to[length..], choice);
        length += Put(to[length..], "],\"revision\":"u8);
        length += Put(to[length..], vote.Revision);
        return length + Put(to[length..], "}]}\u001e"u8);
    }

    private static void Record(Person person, ReadOnlySpan<byte> record, IHearer hearer)
    {
        if (record.SequenceEqual("{}"u8))
        {
            return;
        }

        switch (record.StartsWith("{\"type\":"u8) && record.Length > 8 ? record[8] : (byte)0)
        {
            case (byte)'1' when record.IndexOf("\"TallyChanged\""u8) >= 0:
                hearer.Updated(person, PollOf(person, record), Number(record, "\"version\":"u8));
                break;
            case (byte)'1' when record.IndexOf("\"RoomState\""u8) >= 0:
                hearer.Ready(person);
                State(person, record, hearer);
                break;
            case (byte)'1' or (byte)'6':
                break;
            case (byte)'3':
                var call = (int)Number(record, "\"invocationId\":\""u8);
                var version = Number(record, "\"tallyVersion\":"u8);
                if (version >= 0)
                {
                    hearer.Receipt(person, call, version);
                }
                else
                {
                    hearer.Refused(person, call, Error(record));
                }

                break;
            default:
                hearer.Failed(person, Encoding.UTF8.GetString(record[..Math.Min(record.Length, 120)]));
                break;
        }
    }

    /// <summary>A state shows tallies too, as after coming back.</summary>
    private static void State(Person person, ReadOnlySpan<byte> record, IHearer hearer)
    {
        for (int at; (at = record.IndexOf("\"tally\":{"u8)) >= 0;)
        {
            record = record[(at + 9)..];
            var end = record.IndexOf((byte)'}');
            var tally = end < 0 ? record : record[..end];
            hearer.Updated(person, PollOf(person, tally), Number(tally, "\"version\":"u8));
        }
    }

    private static string Error(ReadOnlySpan<byte> record)
    {
        var at = record.IndexOf("\"error\":\""u8);
        var text = at < 0 ? "an answer without a receipt" : Encoding.UTF8.GetString(record[(at + 9)..]);
        return text.Split(':', '"')[0];
    }
}

/// <summary>socket.io 4 over Engine.IO 4, WebSocket only.</summary>
internal sealed class SocketIoWire : Wire
{
    public override string Path(Person person) => "/socket.io/?EIO=4&transport=websocket";

    public override void Opened(Person person, IHearer hearer)
    {
    }

    public override void Heard(Person person, ReadOnlySpan<byte> message, IHearer hearer)
    {
        if (message.StartsWith("42[\"tally\""u8))
        {
            hearer.Updated(person, PollOf(person, message), Number(message, "\"version\":"u8));
        }
        else if (message.StartsWith("43"u8) && Utf8Parser.TryParse(message[2..], out int call, out _))
        {
            var version = Number(message, "\"version\":"u8);
            if (version >= 0)
            {
                hearer.Receipt(person, call, version);
            }
            else
            {
                hearer.Refused(person, call, Encoding.UTF8.GetString(message[..Math.Min(message.Length, 80)]));
            }
        }
        else if (message.SequenceEqual("2"u8))
        {
            hearer.Say(person, "3"u8);
        }
        else if (message.StartsWith("0{"u8))
        {
            hearer.Say(person, Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"40{{\"room\":\"{person.Room.Code}\",\"voter\":\"{person.Id}\"}}")));
        }
        else if (message.StartsWith("42[\"state\""u8))
        {
            hearer.Ready(person);
        }
        else if (!message.StartsWith("40"u8))
        {
            hearer.Failed(person, Encoding.UTF8.GetString(message[..Math.Min(message.Length, 120)]));
        }
    }

    public override int Cast(Span<byte> to, Person person, Vote vote, int choice)
    {
        var length = Put(to, "42"u8);
        length += Put(to[length..], person.Call);
        length += Put(to[length..], "[\"vote\",{\"poll\":\""u8);
        length += Put(to[length..], person.PollIds[vote.Poll]);
        length += Put(to[length..], "\",\"choice\":"u8);
        length += Put(to[length..], choice);
        length += Put(to[length..], ",\"revision\":"u8);
        length += Put(to[length..], vote.Revision);
        return length + Put(to[length..], "}]"u8);
    }
}

/// <summary>No language at all: whatever one says, everybody gets the same bytes.</summary>
internal sealed class BareWire : Wire
{
    public override bool Answers => false;

    public override string Path(Person person) => "/bare";

    public override void Opened(Person person, IHearer hearer) => hearer.Ready(person);

    public override void Heard(Person person, ReadOnlySpan<byte> message, IHearer hearer) =>
        hearer.Updated(person, 0, Number(message, "\"version\":"u8));

    public override int Cast(Span<byte> to, Person person, Vote vote, int choice) => Put(to, "x"u8);
}
