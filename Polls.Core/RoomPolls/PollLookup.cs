using Microsoft.Extensions.Caching.Memory;
using Polls.Core.Rooms;

namespace Polls.Core.RoomPolls;

/// <summary>
/// This instance's view of polls, for checking the shape of votes without asking the database for each. It may be
/// old: whether a poll is open, and still the same edition, is decided where the vote is committed.
/// </summary>
public sealed class PollLookup(RoomReader rooms) : IDisposable
{
    private readonly MemoryCache polls = new(new MemoryCacheOptions { SizeLimit = 50_000 });

    /// <summary>The poll as last seen here, from the database if it was never seen; null when there is none.</summary>
    public async ValueTask<PollSnapshot?> FindAsync(Guid pollId, CancellationToken cancellationToken)
    {
        if (polls.TryGetValue(pollId, out PollSnapshot? known))
        {
            return known;
        }

        var poll = await rooms.FindPollAsync(pollId, cancellationToken);
        if (poll is not null)
        {
            Learn(poll);
        }

        return poll;
    }

    /// <summary>Takes over a view that came by on another way, unless a newer one is known.</summary>
    public void Learn(PollSnapshot poll)
    {
        if (!polls.TryGetValue(poll.Id, out PollSnapshot? known) || known!.Version < poll.Version)
        {
            polls.Set(poll.Id, poll, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = TimeSpan.FromMinutes(10) });
        }
    }

    /// <summary>The view turned out to be old.</summary>
    public void Forget(Guid pollId) => polls.Remove(pollId);

    /// <inheritdoc />
    public void Dispose() => polls.Dispose();
}
