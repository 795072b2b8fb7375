using System.Collections.Concurrent;

namespace Polls.Api.Hubs;

/// <summary>
/// The connections of this instance, their groups and users. Changes take one short lock, so that a connection
/// that leaves is in no group afterwards; reading takes none.
/// </summary>
internal sealed class HubRoster
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, HubMember>> groups = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, HubMember>> users = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, HubMember> Members { get; } = new(StringComparer.Ordinal);

    public HubMember? Find(string connectionId) => Members.GetValueOrDefault(connectionId);

    public ConcurrentDictionary<string, HubMember>? Group(string name) => groups.GetValueOrDefault(name);

    public ConcurrentDictionary<string, HubMember>? User(string id) => users.GetValueOrDefault(id);

    public void Add(HubMember member)
    {
        lock (gate)
        {
            Members[member.Id] = member;
            if (member.Connection.UserIdentifier is { Length: > 0 } user) Join(users, user, member);
        }
    }

    /// <summary>Takes the connection out of everything; its groups, or null when it was not here.</summary>
    public IReadOnlyCollection<string>? Remove(string connectionId)
    {
        HubMember? member;
        lock (gate)
        {
            if (!Members.TryRemove(connectionId, out member)) return null;
            member.Gone = true;
            foreach (var group in member.Groups) Leave(groups, group, member);
            if (member.Connection.UserIdentifier is { Length: > 0 } user) Leave(users, user, member);
        }

        member.Outbox.Close();
        return member.Groups;
    }

    /// <summary>False when it was in the group already, or has left.</summary>
    public bool AddToGroup(HubMember member, string group)
    {
        lock (gate)
        {
            if (member.Gone || !member.Groups.Add(group)) return false;
            Join(groups, group, member);
            return true;
        }
    }

    /// <summary>False when it was not in the group.</summary>
    public bool RemoveFromGroup(HubMember member, string group)
    {
        lock (gate)
        {
            if (member.Gone || !member.Groups.Remove(group)) return false;
            Leave(groups, group, member);
            return true;
        }
    }

    private static void Join(
        ConcurrentDictionary<string, ConcurrentDictionary<string, HubMember>> sets, string name, HubMember member) =>
        sets.GetOrAdd(name, static _ => new(concurrencyLevel: 1, capacity: 4, StringComparer.Ordinal))[member.Id] = member;

    private static void Leave(
        ConcurrentDictionary<string, ConcurrentDictionary<string, HubMember>> sets, string name, HubMember member)
    {
        if (!sets.TryGetValue(name, out var set)) return;
        set.TryRemove(member.Id, out _);
        if (set.IsEmpty) sets.TryRemove(name, out _);
    }
}
