using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Polls.Bench.Load;

/// <summary>Handles the messages that a protocol has decoded.</summary>
internal interface IProtocolHandler
{
    /// <summary>The person is connected and has the room's state.</summary>
    void Ready(Person person);

    void Send(Person person, ReadOnlySpan<byte> message);

    void Receipt(Person person, int call, long version);

    void Refused(Person person, int call, string why);

    void Updated(Person person, int poll, long version);

    void Failed(Person person, string what);
}

/// <summary>A protocol over WebSockets, hand-written so that it parses only what is needed.</summary>
internal abstract class WireProtocol
{
    /// <summary>The number of options of polls without answers of their own.</summary>
    protected const int Choices = 3;

    public static WireProtocol ByName(string name) => name switch
    {
        "signalr" => new SignalRProtocol(),
        "socketio" => new SocketIoProtocol(),
        "bare" => new BareProtocol(),
        _ => throw new ArgumentException($"Unknown protocol '{name}'.", nameof(name)),
    };

    /// <summary>Whether people first join over HTTP to get a token.</summary>
    public virtual bool Joins => false;

    /// <summary>Whether a vote gets a receipt.</summary>
    public virtual bool Answers => true;

    /// <summary>The message that a client sends periodically to stay connected; empty for none.</summary>
    public virtual ReadOnlySpan<byte> Heartbeat => [];

    public abstract string Path(Person person);

    /// <summary>The WebSocket is open.</summary>
    public abstract void Opened(Person person, IProtocolHandler handler);

    public abstract void Received(Person person, ReadOnlySpan<byte> message, IProtocolHandler handler);

    /// <summary>Writes the vote; returns its length.</summary>
    /// <param name="to">Where to write it.</param>
    /// <param name="person">The voter.</param>
    /// <param name="vote">The vote.</param>
    /// <param name="turn">Selects one of the answers.</param>
    public abstract int Cast(Span<byte> to, Person person, Vote vote, int turn);

    /// <summary>The number after this name, or -1.</summary>
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

/// <summary>SignalR's JSON protocol, for the product and for peer (b).</summary>
internal sealed class SignalRProtocol : WireProtocol
{
    private const byte End = 0x1E;

    public override bool Joins => true;

    public override ReadOnlySpan<byte> Heartbeat => "{\"type\":6}\u001e"u8;

    public override string Path(Person person) => $"/hubs/room?room={person.Room.Code}&access_token={person.Token}";

    public override void Opened(Person person, IProtocolHandler handler) =>
        handler.Send(person, "{\"protocol\":\"json\",\"version\":1}\u001e"u8);

    public override void Received(Person person, ReadOnlySpan<byte> message, IProtocolHandler handler)
    {
        while (!message.IsEmpty)
        {
            var end = message.IndexOf(End);
            if (end < 0)
            {
                handler.Failed(person, "record without a terminator");
                return;
            }

            Record(person, message[..end], handler);
            message = message[(end + 1)..];
        }
    }

    public override int Cast(Span<byte> to, Person person, Vote vote, int turn)
    {
        var length = Put(to, "{\"type\":1,\"invocationId\":\""u8);
        length += Put(to[length..], person.Call);
        length += Put(to[length..], "\",\"target\":\"CastVote\",\"arguments\":[\""u8);
        length += Put(to[length..], person.PollIds[vote.Poll]);
        length += Put(to[length..], "\",{"u8);
        length += PutAnswer(to[length..], person, turn);
        length += Put(to[length..], ",\"revision\":"u8);
        length += Put(to[length..], vote.Revision);
        return length + Put(to[length..], "}]}\u001e"u8);
    }

    private static int PutAnswer(Span<byte> to, Person person, int turn)
    {
        if (person.Answers.Length > 0)
        {
            return Put(to, person.Answers[turn % person.Answers.Length]);
        }

        var length = Put(to, "\"choices\":["u8);
        length += Put(to[length..], turn % Choices);
        return length + Put(to[length..], "]"u8);
    }

    private static void Record(Person person, ReadOnlySpan<byte> record, IProtocolHandler handler)
    {
        if (record.SequenceEqual("{}"u8))
        {
            return;
        }

        switch (record.StartsWith("{\"type\":"u8) && record.Length > 8 ? record[8] : (byte)0)
        {
            case (byte)'1' when record.IndexOf("\"TallyChanged\""u8) >= 0:
                handler.Updated(person, PollOf(person, record), Number(record, "\"version\":"u8));
                break;
            case (byte)'1' when record.IndexOf("\"RoomState\""u8) >= 0:
                handler.Ready(person);
                State(person, record, handler);
                break;
            case (byte)'1' or (byte)'6':
                break;
            case (byte)'3':
                var call = (int)Number(record, "\"invocationId\":\""u8);
                var version = Number(record, "\"tallyVersion\":"u8);
                if (version >= 0)
                {
                    handler.Receipt(person, call, version);
                }
                else
                {
                    handler.Refused(person, call, Error(record));
                }

                break;
            default:
                handler.Failed(person, Encoding.UTF8.GetString(record[..Math.Min(record.Length, 120)]));
                break;
        }
    }

    /// <summary>A room state also shows tallies, for example after a reconnect.</summary>
    private static void State(Person person, ReadOnlySpan<byte> record, IProtocolHandler handler)
    {
        for (int at; (at = record.IndexOf("\"tally\":{"u8)) >= 0;)
        {
            record = record[(at + 9)..];
            var end = record.IndexOf((byte)'}');
            var tally = end < 0 ? record : record[..end];
            handler.Updated(person, PollOf(person, tally), Number(tally, "\"version\":"u8));
        }
    }

    private static string Error(ReadOnlySpan<byte> record)
    {
        var at = record.IndexOf("\"error\":\""u8);
        var text = at < 0 ? "answer without a receipt" : Encoding.UTF8.GetString(record[(at + 9)..]);
        return text.Split(':', '"')[0];
    }
}

/// <summary>socket.io 4 over Engine.IO 4, WebSocket only.</summary>
internal sealed class SocketIoProtocol : WireProtocol
{
    public override string Path(Person person) => "/socket.io/?EIO=4&transport=websocket";

    public override void Opened(Person person, IProtocolHandler handler)
    {
    }

    public override void Received(Person person, ReadOnlySpan<byte> message, IProtocolHandler handler)
    {
        if (message.StartsWith("42[\"tally\""u8))
        {
            handler.Updated(person, PollOf(person, message), Number(message, "\"version\":"u8));
        }
        else if (message.StartsWith("43"u8) && Utf8Parser.TryParse(message[2..], out int call, out _))
        {
            var version = Number(message, "\"version\":"u8);
            if (version >= 0)
            {
                handler.Receipt(person, call, version);
            }
            else
            {
                handler.Refused(person, call, Encoding.UTF8.GetString(message[..Math.Min(message.Length, 80)]));
            }
        }
        else if (message.SequenceEqual("2"u8))
        {
            handler.Send(person, "3"u8);
        }
        else if (message.StartsWith("0{"u8))
        {
            handler.Send(person, Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"40{{\"room\":\"{person.Room.Code}\",\"voter\":\"{person.Id}\"}}")));
        }
        else if (message.StartsWith("42[\"state\""u8))
        {
            handler.Ready(person);
        }
        else if (!message.StartsWith("40"u8))
        {
            handler.Failed(person, Encoding.UTF8.GetString(message[..Math.Min(message.Length, 120)]));
        }
    }

    public override int Cast(Span<byte> to, Person person, Vote vote, int turn)
    {
        var length = Put(to, "42"u8);
        length += Put(to[length..], person.Call);
        length += Put(to[length..], "[\"vote\",{\"poll\":\""u8);
        length += Put(to[length..], person.PollIds[vote.Poll]);
        length += Put(to[length..], "\",\"choice\":"u8);
        length += Put(to[length..], turn % Choices);
        length += Put(to[length..], ",\"revision\":"u8);
        length += Put(to[length..], vote.Revision);
        return length + Put(to[length..], "}]"u8);
    }
}

/// <summary>No protocol: the server answers any message by sending the same bytes to everyone.</summary>
internal sealed class BareProtocol : WireProtocol
{
    public override bool Answers => false;

    public override string Path(Person person) => "/bare";

    public override void Opened(Person person, IProtocolHandler handler) => handler.Ready(person);

    public override void Received(Person person, ReadOnlySpan<byte> message, IProtocolHandler handler) =>
        handler.Updated(person, 0, Number(message, "\"version\":"u8));

    public override int Cast(Span<byte> to, Person person, Vote vote, int turn) => Put(to, "x"u8);
}
