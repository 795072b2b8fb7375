using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Polls.Api.Backplane;
using Polls.Core.RoomPolls;

namespace Polls.Api.LiveRooms;

/// <summary>
/// The connections of a room on this instance, and how many participants this instance counts. Safe for concurrent use,
/// except <see cref="CountParticipants"/>.
/// </summary>
internal sealed class RoomMembers : IEnumerable<(string ConnectionId, Member Member)>
{
    private readonly ConcurrentDictionary<string, Member> members = new();
    private readonly ConcurrentDictionary<Guid, ImmutableArray<string>> connections = new();
    // Reused, because a new set for thousands of people would be allocated on the large object heap each time.
    private readonly HashSet<Guid> people = [];
    private volatile bool peopleMoved;
    private int counted;
    // ConcurrentDictionary.Count takes all of its locks.
    private int count;

    public int Count => Volatile.Read(ref count);

    public bool IsEmpty => members.IsEmpty;

    public bool HasHost => members.Any(item => item.Value.Role == Role.Host);

    /// <summary>The connections of participants.</summary>
    public IEnumerable<(string ConnectionId, Member Member)> Participants =>
        this.Where(item => item.Member.Caller.ParticipantId is not null);

    public void Add(string connectionId, Member member)
    {
        members[connectionId] = member;
        Interlocked.Increment(ref count);
        if (member.Caller.ParticipantId is { } id)
        {
            connections.AddOrUpdate(
                id, static (_, added) => [added], static (_, known, added) => known.Add(added), connectionId);
        }

        peopleMoved = true;
    }

    public bool Remove(string connectionId)
    {
        if (!members.TryRemove(connectionId, out var member))
        {
            return false;
        }

        member.IsGone = true;
        Interlocked.Decrement(ref count);
        if (member.Caller.ParticipantId is { } id)
        {
            var left = connections.AddOrUpdate(
                id, static (_, _) => [], static (_, known, gone) => known.Remove(gone), connectionId);
            if (left.IsEmpty)
            {
                // Unless the participant has connected again meanwhile.
                connections.TryRemove(new KeyValuePair<Guid, ImmutableArray<string>>(id, left));
            }
        }

        peopleMoved = true;
        return true;
    }

    /// <summary>The participant's connections.</summary>
    public IEnumerable<(string ConnectionId, Member Member)> Of(Guid participant)
    {
        foreach (var connectionId in connections.GetValueOrDefault(participant, []))
        {
            if (members.TryGetValue(connectionId, out var member))
            {
                yield return (connectionId, member);
            }
        }
    }

    /// <summary>
    /// The number of participants that this instance counts. A participant with two tabs counts once.
    /// </summary>
    /// <param name="again">
    /// Whether to count even if no member joined, left or moved since the last call. Counting thousands of members is
    /// expensive.
    /// </param>
    public int CountParticipants(bool again)
    {
        if (again || peopleMoved)
        {
            peopleMoved = false;
            foreach (var (_, member) in members)
            {
                if (member.Counts && member.Caller.ParticipantId is { } id)
                {
                    people.Add(id);
                }
            }

            counted = people.Count;
            people.Clear();
        }

        return counted;
    }

    /// <summary>Stops counting participants that moved to another instance.</summary>
    public void Move(IReadOnlyList<SessionMove> sessions)
    {
        foreach (var session in sessions)
        {
            foreach (var (_, member) in Of(session.ParticipantId))
            {
                if (session.ConnectedAt > member.ConnectedAt)
                {
                    member.Counts = false;
                }
                else if (member.Counts && session.ConnectedAt < member.ConnectedAt)
                {
                    member.Contested = true;
                }
            }
        }

        peopleMoved = true;
    }

    public IEnumerator<(string ConnectionId, Member Member)> GetEnumerator() =>
        members.Select(item => (item.Key, item.Value)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
