namespace Polls.Api.Hubs;

/// <summary>
/// What instances tell each other about one hub. Wire format, version 1, integers being unsigned LEB128:
/// <code>
/// envelope = version:byte kind:byte origin:16 bytes body
/// 1 toMembers     ids(excluded) optional(newest key) message   on all, group and user channels
/// 2 toConnections ids(receivers) optional(newest key) message  on the connections channel
/// 3 groupChange   command:integer add:byte group connection    on the connections channel
/// 4 call          command:integer invocation connection message on the connections channel
/// 5 callEnded     invocation connection                        on the connections channel
/// 6 acknowledged  command:integer                              on an instance's channel
/// 7 result        invocation optional(error) protocol bytes    on an instance's channel
/// string = length bytes(UTF-8); bytes = length bytes; ids = count string*; optional = 0 | 1 string
/// message = count (protocol:string bytes)*    the message as each hub protocol writes it to a client
/// </code>
/// A reader skips envelopes of another version; whatever changes the meaning of a byte raises the version.
/// </summary>
internal abstract record HubEnvelope(Guid Origin)
{
    public const byte Version = 1;

    public sealed record ToMembers(
        Guid Origin, IReadOnlyList<string> Excluded, OutgoingMessage Message) : HubEnvelope(Origin);

    public sealed record ToConnections(
        Guid Origin, IReadOnlyList<string> Receivers, OutgoingMessage Message) : HubEnvelope(Origin);

    public sealed record GroupChange(
        Guid Origin, ulong Command, bool Add, string Group, string ConnectionId) : HubEnvelope(Origin);

    public sealed record Call(
        Guid Origin, ulong Command, string InvocationId, string ConnectionId, OutgoingMessage Message) : HubEnvelope(Origin);

    public sealed record CallEnded(Guid Origin, string InvocationId, string ConnectionId) : HubEnvelope(Origin);

    public sealed record Acknowledged(Guid Origin, ulong Command) : HubEnvelope(Origin);

    public sealed record Result(
        Guid Origin, string InvocationId, string? Error, string Protocol, ReadOnlyMemory<byte> Completion) : HubEnvelope(Origin);
}
