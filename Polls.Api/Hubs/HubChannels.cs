using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;

namespace Polls.Api.Hubs;

/// <summary>
/// The backplane channels of one hub; what they carry is in <see cref="HubEnvelope"/>.
/// <list type="table">
/// <item><term><c>polls:hub:{hub}:all</c></term><description>
/// messages for every connection; heard by every instance</description></item>
/// <item><term><c>polls:hub:{hub}:connections</c></term><description>
/// messages, calls and group changes for connections named inside; heard by every instance, because a channel per
/// connection would cost Redis one subscription per phone</description></item>
/// <item><term><c>polls:hub:{hub}:group:{group}</c></term><description>
/// messages for a group; heard by instances that hold a member</description></item>
/// <item><term><c>polls:hub:{hub}:user:{user}</c></term><description>
/// messages for a user; heard by instances that hold a connection of theirs</description></item>
/// <item><term><c>polls:hub:{hub}:instance:{instance}</c></term><description>
/// answers to one instance: acknowledgements and clients' results</description></item>
/// </list>
/// </summary>
internal sealed class HubChannels(Type hub)
{
    private readonly string prefix = $"polls:hub:{hub.Name}:";

    public string All => prefix + "all";

    public string Connections => prefix + "connections";

    public static HubChannels Of<THub>()
        where THub : Hub => new(typeof(THub));

    public string Group(string name) => $"{prefix}group:{name}";

    public string User(string id) => $"{prefix}user:{id}";

    /// <summary>Whom of this instance a message on the channel is for; null for nobody.</summary>
    public ConcurrentDictionary<string, HubMember>? MembersOf(string channel, HubRoster roster)
    {
        if (channel == All) return roster.Members;
        var group = Group("");
        var user = User("");
        if (channel.StartsWith(group, StringComparison.Ordinal)) return roster.Group(channel[group.Length..]);
        return channel.StartsWith(user, StringComparison.Ordinal) ? roster.User(channel[user.Length..]) : null;
    }

    public string Instance(Guid id) => $"{prefix}instance:{id:N}";
}
