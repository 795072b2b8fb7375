using System.Buffers.Binary;
using System.Text;

namespace Polls.Bench.Load;

/// <content>Reads and writes sockets: HTTP responses, then WebSocket frames (RFC 6455).</content>
internal sealed partial class Engine
{
    private readonly byte[] incoming = new byte[256 * 1024];
    private readonly byte[] outgoing = new byte[16 * 1024];

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
            Disconnected(person, count == 0 ? "connection closed without a close frame" : $"socket error {-count}");
            return;
        }

        var bytes = incoming.AsSpan(0, kept + Math.Max(0, count));
        var used = person.Stage is Stage.Joining or Stage.Upgrading
            ? ReadResponse(person, bytes)
            : ReadFrames(person, bytes);
        if (used < bytes.Length && person.Socket >= 0)
        {
            if (used == 0 && bytes.Length == incoming.Length)
            {
                Disconnected(person, "message too long");
                return;
            }

            person.Unread = bytes[used..].ToArray();
        }
    }

    /// <summary>Reads an HTTP response; the bytes after the response to an upgrade are frames.</summary>
    private int ReadResponse(Person person, Span<byte> bytes)
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
                Disconnected(person, $"upgrade: {status}");
                return bytes.Length;
            }

            person.Stage = Stage.Handshaking;
            protocol.Opened(person, this);
            return end + 4 + ReadFrames(person, bytes[(end + 4)..]);
        }

        if (!status.EndsWith("201", StringComparison.Ordinal))
        {
            Disconnected(person, $"join: {status}");
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
        OpenSocket(person);
        return bytes.Length;
    }

    private static string? Text(string json, string name)
    {
        var at = json.IndexOf(name, StringComparison.Ordinal);
        var end = at < 0 ? -1 : json.IndexOf('"', at + name.Length);
        return end < 0 ? null : json[(at + name.Length)..end];
    }

    /// <summary>Handles all complete frames; returns the number of bytes consumed.</summary>
    private int ReadFrames(Person person, Span<byte> bytes)
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

            OnFrame(person, rest[0], rest.Slice(head, length));
            used += head + length;
        }

        return used;
    }

    private void OnFrame(Person person, byte kind, Span<byte> payload)
    {
        switch (kind)
        {
            case 0x81 or 0x82:
                protocol.Received(person, payload, this);
                break;
            case 0x01 or 0x02:
                // The first frame of a fragmented message; servers fragment what lies in several buffers.
                person.Fragments = payload.ToArray();
                break;
            case 0x00:
                person.Fragments = [.. person.Fragments ?? [], .. payload];
                break;
            case 0x80:
                byte[] whole = [.. person.Fragments ?? [], .. payload];
                person.Fragments = null;
                protocol.Received(person, whole, this);
                break;
            case 0x89:
                SendFrame(person, 0x8A, payload);
                break;
            case 0x88:
                Disconnected(person, "closed by the server");
                break;
            case 0x8A:
                break;
            default:
                Disconnected(person, $"unknown frame type {kind}");
                break;
        }
    }

    /// <summary>Sends one masked frame.</summary>
    private void SendFrame(Person person, byte kind, ReadOnlySpan<byte> payload)
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
        if (person.Unsent is { } unsent)
        {
            person.Unsent = [.. unsent, .. bytes];
            return;
        }

        var sent = Native.Send(person.Socket, bytes);
        if (sent < 0 && sent != -Native.WouldBlock)
        {
            Disconnected(person, $"socket error {-sent}");
        }
        else if (sent < bytes.Length)
        {
            person.Unsent = bytes[Math.Max(0, sent)..].ToArray();
            Native.Watch(poll, person.Socket, person.Index, Native.Readable | Native.Writable, known: true);
        }
    }
}
