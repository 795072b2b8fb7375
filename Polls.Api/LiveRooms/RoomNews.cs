using System.Diagnostics;
using Polls.Core.Tallies;
using Polls.Core.Telemetry;

namespace Polls.Api.LiveRooms;

/// <summary>
/// What has moved in a room, and whom to tell next. The members take turns: whoever was told longest ago is next, and
/// gets everything that has moved since. So news always travel at the same even pace, however fast they arrive, and
/// nobody is told anything old. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// News have ascending numbers. The queue is ordered by what members know, those who know least first. So everyone
/// knows at least what the first one knows.
/// </remarks>
internal sealed class RoomNews
{
    private const int FewGone = 64;
    private readonly Queue<Member> queue = new();
    private readonly Dictionary<Guid, long> tallies = [];
    private readonly Dictionary<Guid, long> receivers = [];
    private readonly Queue<TallyNews> onTheirWay = new();
    private long newest;
    private long presence;

    /// <summary>The length of the queue, with members that have left.</summary>
    internal int Waiting => queue.Count;

    /// <summary>The number of the newest news.</summary>
    public long Newest => newest;

    /// <summary>The number of the newest participant count.</summary>
    public long Presence => presence;

    /// <summary>The polls whose tallies some member does not know, with the number of each tally.</summary>
    public IReadOnlyDictionary<Guid, long> Tallies => tallies;

    /// <summary>Adds a member that knows everything, because it gets the room's state.</summary>
    /// <param name="member">The member.</param>
    /// <param name="members">The number of members. Those that left are dropped at their turn, or when they are
    /// many.</param>
    public void Add(Member member, int members)
    {
        if (queue.Count > (2 * members) + FewGone)
        {
            for (var left = queue.Count; left > 0; left--)
            {
                if (queue.Dequeue() is { IsGone: false } present)
                {
                    queue.Enqueue(present);
                }
            }
        }

        member.Knows = newest;
        queue.Enqueue(member);
    }

    /// <summary>A tally has moved.</summary>
    /// <param name="pollId">Its poll.</param>
    /// <param name="since">The times of its oldest vote that was not in the tally before; null if unknown.</param>
    /// <param name="span">The span of sending it; null if not sampled.</param>
    public void TallyMoved(Guid pollId, Moments? since = null, Activity? span = null)
    {
        tallies[pollId] = ++newest;
        onTheirWay.Enqueue(new TallyNews(pollId, newest, since, span)
        {
            ReceiversBefore = receivers.GetValueOrDefault(pollId),
        });
    }

    /// <summary>The participant count has moved.</summary>
    public void PresenceMoved() => presence = ++newest;

    /// <summary>Everyone gets the poll in another way.</summary>
    public void Forget(Guid pollId) => tallies.Remove(pollId);

    /// <summary>
    /// The members whose turn it is, at most this many, each with the number of the newest news that it knew until now.
    /// </summary>
    public IEnumerable<(Member Member, long Knew)> Next(int most)
    {
        while (most > 0 && First() is { } member && member.Knows < newest)
        {
            queue.Dequeue();
            var knew = member.Knows;
            member.Knows = newest;
            queue.Enqueue(member);
            most--;
            yield return (member, knew);
        }
    }

    /// <summary>Counts receivers of a poll's tally.</summary>
    public void Sent(Guid pollId, int count) =>
        receivers[pollId] = receivers.GetValueOrDefault(pollId) + count;

    /// <summary>Ends what every member knows now; returns the tallies among it, each with its receivers.</summary>
    public IReadOnlyList<(TallyNews News, int Receivers)> Told()
    {
        var known = First()?.Knows ?? newest;
        var told = new List<(TallyNews, int)>();
        while (onTheirWay.TryPeek(out var news) && news.Number <= known)
        {
            onTheirWay.Dequeue();
            // Some of the last turn may belong to a newer one already.
            var count = (int)Math.Min(receivers.GetValueOrDefault(news.PollId) - news.ReceiversBefore, queue.Count);
            told.Add((news, count));
            news.Span.Sent(count);
            news.Span?.Dispose();
        }

        foreach (var (pollId, number) in tallies)
        {
            if (number <= known)
            {
                tallies.Remove(pollId);
                receivers.Remove(pollId);
            }
        }

        return told;
    }

    /// <summary>Whether somebody does not know everything.</summary>
    public bool IsAnyoneBehind() => First() is { } member && member.Knows < newest;

    /// <summary>Those whose turn it was were not told: all get what is on its way once more.</summary>
    public void Repeat()
    {
        foreach (var pollId in tallies.Keys)
        {
            tallies[pollId] = ++newest;
        }

        if (presence > 0)
        {
            PresenceMoved();
        }
    }

    private Member? First()
    {
        while (queue.TryPeek(out var member))
        {
            if (!member.IsGone)
            {
                return member;
            }

            queue.Dequeue();
        }

        return null;
    }
}

/// <summary>A tally on its way to the members.</summary>
/// <param name="PollId">Its poll.</param>
/// <param name="Number">Its number among the news.</param>
/// <param name="Since">The times of its oldest vote; null if unknown.</param>
/// <param name="Span">The span of sending it; null if not sampled.</param>
internal sealed record TallyNews(Guid PollId, long Number, Moments? Since, Activity? Span)
{
    /// <summary>How many had received its poll's tallies before it moved.</summary>
    public long ReceiversBefore { get; init; }
}
